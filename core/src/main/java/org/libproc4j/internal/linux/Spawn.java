package org.libproc4j.internal.linux;

import static org.libproc4j.internal.linux.Downcall.call;
import static org.libproc4j.internal.linux.Downcall.link;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import java.util.List;
import org.libproc4j.linux.linux_h;
import org.libproc4j.linux.posix_spawn_file_actions_t;
import org.libproc4j.linux.posix_spawnattr_t;
import org.libproc4j.linux.sigset_t;

/**
 * A posix_spawn(3) in the making. Its actions run in the child, in the order in which they are
 * added; every method returns 0 or −errno.
 */
public final class Spawn implements AutoCloseable {
  private static final MethodHandle ACTIONS_INIT = link("posix_spawn_file_actions_init");
  private static final MethodHandle ACTIONS_DESTROY = link("posix_spawn_file_actions_destroy");
  private static final MethodHandle ADDOPEN = link("posix_spawn_file_actions_addopen");
  private static final MethodHandle ADDCLOSE = link("posix_spawn_file_actions_addclose");
  private static final MethodHandle ADDDUP2 = link("posix_spawn_file_actions_adddup2");
  private static final MethodHandle ADDCHDIR = link("posix_spawn_file_actions_addchdir_np");
  private static final MethodHandle ADDCLOSEFROM = link("posix_spawn_file_actions_addclosefrom_np");
  private static final MethodHandle ATTR_INIT = link("posix_spawnattr_init");
  private static final MethodHandle ATTR_DESTROY = link("posix_spawnattr_destroy");
  private static final MethodHandle ATTR_SETFLAGS = link("posix_spawnattr_setflags");
  private static final MethodHandle ATTR_SETSIGMASK = link("posix_spawnattr_setsigmask");
  private static final MethodHandle ATTR_SETSIGDEFAULT = link("posix_spawnattr_setsigdefault");
  private static final MethodHandle SIGEMPTYSET = link("sigemptyset");
  private static final MethodHandle SIGFILLSET = link("sigfillset");

  private static final int CREATED_MODE = 0666;
  private static final int FLAGS =
      linux_h.POSIX_SPAWN_SETSIGMASK() | linux_h.POSIX_SPAWN_SETSIGDEF();

  private final Libc libc;

  /** Closing a shared one would wait for every thread of the JVM to pass a safepoint check. */
  private final Arena arena = Arena.ofAuto();

  private final MemorySegment actions = arena.allocate(posix_spawn_file_actions_t.layout());
  private final MemorySegment attributes = arena.allocate(posix_spawnattr_t.layout());

  /** With signals as a new program expects them: none blocked, all with their default action. */
  public Spawn(Libc libc) {
    this.libc = libc;
    MemorySegment set = arena.allocate(sigset_t.layout());
    must(call(ACTIONS_INIT, actions.address()));
    must(call(ATTR_INIT, attributes.address()));
    must(call(SIGEMPTYSET, set.address()));
    must(call(ATTR_SETSIGMASK, attributes.address(), set.address()));
    must(call(SIGFILLSET, set.address()));
    must(call(ATTR_SETSIGDEFAULT, attributes.address(), set.address()));
    setFlags(FLAGS);
  }

  private void setFlags(int flags) {
    must(call(ATTR_SETFLAGS, attributes.address(), flags));
  }

  /** The child leads a session of its own, without a terminal. */
  public void newSession() {
    setFlags(FLAGS | linux_h.POSIX_SPAWN_SETSID());
  }

  /** None of these can fail but for want of memory. */
  private static void must(int error) {
    if (error != 0) {
      throw new IllegalStateException("preparing posix_spawn failed with errno " + error);
    }
  }

  /** The child opens a file as a descriptor. */
  public void open(int fd, String path, int flags) {
    MemorySegment name = arena.allocateFrom(path);
    must(call(ADDOPEN, actions.address(), fd, name.address(), flags, CREATED_MODE));
  }

  /** The child closes a descriptor. */
  public void close(int fd) {
    must(call(ADDCLOSE, actions.address(), fd));
  }

  /** The child gets a copy of a descriptor under another number. */
  public void dup(int fd, int as) {
    must(call(ADDDUP2, actions.address(), fd, as));
  }

  /** The child changes its directory. */
  public void chdir(String directory) {
    MemorySegment name = arena.allocateFrom(directory);
    must(call(ADDCHDIR, actions.address(), name.address()));
  }

  /** The child closes every descriptor from this one on. */
  public void closeFrom(int fd) {
    must(call(ADDCLOSEFROM, actions.address(), fd));
  }

  /**
   * {@code int posix_spawnp(pid_t *pid, const char *file, …)}: blocks until the child has executed
   * its program, or has failed to.
   *
   * @return the child's pid, or −errno
   */
  public int run(List<String> command, List<String> environment) {
    MemorySegment pid = arena.allocate(ValueLayout.JAVA_INT);
    MemorySegment argv = strings(command);
    MemorySegment envp = strings(environment);
    MemorySegment file = argv.getAtIndex(ValueLayout.ADDRESS, 0);
    int r = libc.spawn(pid, file, actions, attributes, argv, envp);
    return r < 0 ? r : pid.get(ValueLayout.JAVA_INT, 0);
  }

  private MemorySegment strings(List<String> strings) {
    MemorySegment array = arena.allocate(ValueLayout.ADDRESS, strings.size() + 1L);
    for (int i = 0; i < strings.size(); i++) {
      array.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom(strings.get(i)));
    }
    return array;
  }

  @Override
  public void close() {
    try {
      int _ = call(ACTIONS_DESTROY, actions.address());
      int _ = call(ATTR_DESTROY, attributes.address());
    } finally {
      Reference.reachabilityFence(arena);
    }
  }
}
