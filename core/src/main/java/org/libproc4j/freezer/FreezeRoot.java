package org.libproc4j.freezer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.libproc4j.internal.linux.Libc;
import org.libproc4j.internal.linux.Open;

/** A control group that stands still with all that is below it, or is to. */
final class FreezeRoot implements AutoCloseable {
  private static final String FREEZE = "cgroup.freeze";

  private final GroupId id;
  private final CgroupFile events;
  private final CgroupFile freeze;

  /** Whether it is we who froze it. */
  private boolean ours;

  private FreezeRoot(GroupId id, CgroupFile events, CgroupFile freeze) {
    this.id = id;
    this.events = events;
    this.freeze = freeze;
  }

  /** Opens what it takes to freeze a group; empty if we may not, or it has gone. */
  static Optional<FreezeRoot> open(Libc libc, Path directory) {
    Optional<CgroupFile> freeze = CgroupFile.open(libc, directory, FREEZE, Open.O_RDWR);
    Optional<CgroupFile> events =
        CgroupFile.open(libc, directory, CgroupFile.EVENTS, Open.O_RDONLY);
    try {
      GroupId id = GroupId.of(directory);
      if (freeze.isPresent() && events.isPresent()) {
        return Optional.of(new FreezeRoot(id, events.get(), freeze.get()));
      }
    } catch (IOException e) {
      // it has gone
    }
    freeze.ifPresent(CgroupFile::close);
    events.ifPresent(CgroupFile::close);
    return Optional.empty();
  }

  GroupId id() {
    return id;
  }

  /** Whether somebody has asked for its freeze. */
  boolean isAskedFor() {
    return freeze.read().value().equals("1\n");
  }

  /** Has it freeze: 0 or −errno. */
  int freeze() {
    ours = true; // from now on it may be
    return freeze.write("1");
  }

  /** Whether all that is in it stands still. */
  boolean isFrozen() {
    return events.read().isFrozen();
  }

  /** Waits until {@link #isFrozen} may say something else than the last time, so long at most. */
  void awaitChange(long nanos) {
    events.awaitChange(nanos);
  }

  boolean isThere() {
    return events.read().error() == 0;
  }

  /** Sets it running if it is we who froze it: 0 or −errno. */
  int thaw() {
    int r = ours ? freeze.write("0") : 0;
    ours = ours && r != 0;
    return r == 0 || !isThere() ? 0 : r;
  }

  /** Sets it running whoever froze it: 0 or −errno. */
  int thawLeftover() {
    ours = true;
    return thaw();
  }

  @Override
  public void close() {
    freeze.close();
    events.close();
  }
}
