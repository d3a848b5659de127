package org.libproc4j.freezer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.libproc4j.internal.linux.Libc;
import org.libproc4j.internal.linux.Open;

/** A control group that stands still with all that is below it, or is to. */
final class FreezeRoot implements AutoCloseable {
  private static final long FIRST_NAP_NANOS = 50_000;
  private static final long LONGEST_NAP_NANOS = 3_200_000;

  private final CgroupVersion version;
  private final GroupId id;
  private final CgroupFile order;
  private final CgroupFile asked;
  private final CgroupFile state;

  /** Whether it is we who froze it. */
  private boolean ours;

  private long nap = FIRST_NAP_NANOS;

  private FreezeRoot(
      CgroupVersion version, GroupId id, CgroupFile order, CgroupFile asked, CgroupFile state) {
    this.version = version;
    this.id = id;
    this.order = order;
    this.asked = asked;
    this.state = state;
  }

  /** Opens what it takes to freeze a group; empty if we may not, or it has gone. */
  static Optional<FreezeRoot> open(Libc libc, Path directory, CgroupVersion version) {
    Optional<CgroupFile> order = CgroupFile.open(libc, directory, version.order, Open.O_RDWR);
    Optional<CgroupFile> asked = CgroupFile.open(libc, directory, version.asked, Open.O_RDONLY);
    Optional<CgroupFile> state = CgroupFile.open(libc, directory, version.state, Open.O_RDONLY);
    try {
      GroupId id = GroupId.of(directory);
      if (order.isPresent() && asked.isPresent() && state.isPresent()) {
        return Optional.of(new FreezeRoot(version, id, order.get(), asked.get(), state.get()));
      }
    } catch (IOException e) {
      // it has gone
    }
    order.ifPresent(CgroupFile::close);
    asked.ifPresent(CgroupFile::close);
    state.ifPresent(CgroupFile::close);
    return Optional.empty();
  }

  CgroupVersion version() {
    return version;
  }

  GroupId id() {
    return id;
  }

  /** The file that it is thawed by. */
  Path file() {
    return id.directory().resolve(version.order);
  }

  /** Whether somebody has asked for its freeze. */
  boolean isAskedFor() {
    return asked.read().value().equals("1\n");
  }

  /** Whether it is we who froze it. */
  boolean isOurs() {
    return ours;
  }

  /** Has it freeze: 0 or −errno. */
  int freeze() {
    ours = true; // from now on it may be
    return order.write(version.freeze);
  }

  /** Whether all that is in it stands still. */
  boolean isFrozen() {
    return version.isFrozen(state.read());
  }

  /**
   * Waits until {@link #isFrozen} may say something else than the last time, so long at most.
   *
   * <p>Version 1 is asked once more then: of a thread that had just gone to sleep so that only
   * SIGKILL wakes it, the kernel freezes nothing at the first time, and does not try again by
   * itself.
   */
  void awaitChange(long nanos) {
    if (version == CgroupVersion.V2) {
      state.awaitChange(nanos);
      return;
    }
    LockSupport.parkNanos(Math.min(nap, nanos));
    nap = Math.min(2 * nap, LONGEST_NAP_NANOS);
    if (ours && !isFrozen()) {
      order.write(version.freeze); // if this fails, the group does not come to stand still in time
    }
  }

  boolean isThere() {
    return state.read().error() == 0;
  }

  /** Sets it running if it is we who froze it: 0 or −errno. */
  int thaw() {
    int r = ours ? order.write(version.thaw) : 0;
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
    order.close();
    asked.close();
    state.close();
  }
}
