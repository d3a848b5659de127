package org.libproc4j.internal.linux;

import static org.libproc4j.internal.linux.Downcall.capture;
import static org.libproc4j.internal.linux.Downcall.impossible;
import static org.libproc4j.internal.linux.Downcall.link;
import static org.libproc4j.internal.linux.Downcall.linkPlain;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
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
  private static final MethodHandle ACTIONS_INIT =
      linkPlain(
          linux_h.posix_spawn_file_actions_init$address(),
          linux_h.posix_spawn_file_actions_init$descriptor());
  private static final MethodHandle ACTIONS_DESTROY =
      linkPlain(
          linux_h.posix_spawn_file_actions_destroy$address(),
          linux_h.posix_spawn_file_actions_destroy$descriptor());
  private static final MethodHandle ADDOPEN =
      linkPlain(
          linux_h.posix_spawn_file_actions_addopen$address(),
          linux_h.posix_spawn_file_actions_addopen$descriptor());
  private static final MethodHandle ADDCLOSE =
      linkPlain(
          linux_h.posix_spawn_file_actions_addclose$address(),
          linux_h.posix_spawn_file_actions_addclose$descriptor());
  private static final MethodHandle ADDDUP2 =
      linkPlain(
          linux_h.posix_spawn_file_actions_adddup2$address(),
          linux_h.posix_spawn_file_actions_adddup2$descriptor());
  private static final MethodHandle ADDCHDIR =
      linkPlain(
          linux_h.posix_spawn_file_actions_addchdir_np$address(),
          linux_h.posix_spawn_file_actions_addchdir_np$descriptor());
  private static final MethodHandle ADDCLOSEFROM =
      linkPlain(
          linux_h.posix_spawn_file_actions_addclosefrom_np$address(),
          linux_h.posix_spawn_file_actions_addclosefrom_np$descriptor());
  private static final MethodHandle ATTR_INIT =
      linkPlain(linux_h.posix_spawnattr_init$address(), linux_h.posix_spawnattr_init$descriptor());
  private static final MethodHandle ATTR_DESTROY =
      linkPlain(
          linux_h.posix_spawnattr_destroy$address(), linux_h.posix_spawnattr_destroy$descriptor());
  private static final MethodHandle ATTR_SETFLAGS =
      linkPlain(
          linux_h.posix_spawnattr_setflags$address(),
          linux_h.posix_spawnattr_setflags$descriptor());
  private static final MethodHandle ATTR_SETSIGMASK =
      linkPlain(
          linux_h.posix_spawnattr_setsigmask$address(),
          linux_h.posix_spawnattr_setsigmask$descriptor());
  private static final MethodHandle ATTR_SETSIGDEFAULT =
      linkPlain(
          linux_h.posix_spawnattr_setsigdefault$address(),
          linux_h.posix_spawnattr_setsigdefault$descriptor());
  private static final MethodHandle SIGEMPTYSET =
      link(linux_h.sigemptyset$address(), linux_h.sigemptyset$descriptor());
  private static final MethodHandle SIGFILLSET =
      link(linux_h.sigfillset$address(), linux_h.sigfillset$descriptor());

  private static final int CREATED_MODE = 0666;
  private static final int FLAGS =
      linux_h.POSIX_SPAWN_SETSIGMASK() | linux_h.POSIX_SPAWN_SETSIGDEF();

  private final Libc libc;

  /** Closing a shared one would wait for every thread of the JVM to pass a safepoint check. */
  private final Arena arena = Arena.ofAuto();

  private final MemorySegment actions = arena.allocate(posix_spawn_file_actions_t.layout());
  private final MemorySegment attributes = arena.allocate(posix_spawnattr_t.layout());

  /** A C function that returns its error. */
  @FunctionalInterface
  private interface Preparation {
    int run() throws Throwable;
  }

  /** With signals as a new program expects them: none blocked, all with their default action. */
  public Spawn(Libc libc) {
    this.libc = libc;
    MemorySegment set = arena.allocate(sigset_t.layout());
    must(() -> (int) ACTIONS_INIT.invokeExact(actions));
    must(() -> (int) ATTR_INIT.invokeExact(attributes));
    must(() -> (int) SIGEMPTYSET.invokeExact(capture(), set));
    must(() -> (int) ATTR_SETSIGMASK.invokeExact(attributes, set));
    must(() -> (int) SIGFILLSET.invokeExact(capture(), set));
    must(() -> (int) ATTR_SETSIGDEFAULT.invokeExact(attributes, set));
    setFlags(FLAGS);
  }

  private void setFlags(int flags) {
    must(() -> (int) ATTR_SETFLAGS.invokeExact(attributes, (short) flags));
  }

  /** The child leads a session of its own, without a terminal. */
  public void newSession() {
    setFlags(FLAGS | linux_h.POSIX_SPAWN_SETSID());
  }

  /** None of these can fail but for want of memory. */
  private static void must(Preparation preparation) {
    int error;
    try {
      error = preparation.run();
    } catch (Throwable t) {
      throw impossible(t);
    }
    if (error != 0) {
      throw new IllegalStateException("preparing posix_spawn failed with errno " + error);
    }
  }

  /** The child opens a file as a descriptor. */
  public void open(int fd, String path, int flags) {
    MemorySegment name = arena.allocateFrom(path);
    must(() -> (int) ADDOPEN.invokeExact(actions, fd, name, flags, CREATED_MODE));
  }

  /** The child closes a descriptor. */
  public void close(int fd) {
    must(() -> (int) ADDCLOSE.invokeExact(actions, fd));
  }

  /** The child gets a copy of a descriptor under another number. */
  public void dup(int fd, int as) {
    must(() -> (int) ADDDUP2.invokeExact(actions, fd, as));
  }

  /** The child changes its directory. */
  public void chdir(String directory) {
    MemorySegment name = arena.allocateFrom(directory);
    must(() -> (int) ADDCHDIR.invokeExact(actions, name));
  }

  /** The child closes every descriptor from this one on. */
  public void closeFrom(int fd) {
    must(() -> (int) ADDCLOSEFROM.invokeExact(actions, fd));
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
      int _ = (int) ACTIONS_DESTROY.invokeExact(actions);
      int _ = (int) ATTR_DESTROY.invokeExact(attributes);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }
}
