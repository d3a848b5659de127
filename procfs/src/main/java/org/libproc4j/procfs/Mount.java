package org.libproc4j.procfs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One line of {@code /proc/PID/mountinfo}: a file system where the task sees it mounted;
 * proc_pid_mountinfo(5).
 *
 * @param id the mount's number, used again after it is unmounted
 * @param parentId the mount that this one is on; the same as {@code id} for the topmost
 * @param major the file system's device, its major number
 * @param minor the file system's device, its minor number
 * @param root the directory of the file system that is shown at the mount point
 * @param mountPoint where it is mounted, below the task's root directory
 * @param options of this mount, {@code ro} or {@code noexec} for example
 * @param propagation to which peers mounts below are passed on, {@code shared:12} for example
 * @param type the file system's type, {@code cgroup2} for example
 * @param device what is mounted, as the file system itself names it
 * @param superOptions of the file system, wherever it is mounted, {@code hidepid=invisible} for
 *     example
 */
public record Mount(
    int id,
    int parentId,
    int major,
    int minor,
    ByteString root,
    ByteString mountPoint,
    List<String> options,
    List<String> propagation,
    ByteString type,
    ByteString device,
    List<String> superOptions) {
  /** One mounted file system. */
  public Mount {
    options = List.copyOf(options);
    propagation = List.copyOf(propagation);
    superOptions = List.copyOf(superOptions);
  }

  /**
   * Parses {@code mountinfo}.
   *
   * @param source where the bytes come from, for an exception to name
   * @param bytes the file, from its start
   * @param length how many of the bytes belong to it
   * @return the mounts, in the order of the kernel
   * @throws MalformedProcException if it is something else
   */
  public static List<Mount> parse(Path source, byte[] bytes, int length) {
    Scanner in = new Scanner(source, bytes, length);
    List<Mount> mounts = new ArrayList<>();
    while (!in.atEnd()) {
      mounts.add(line(in));
    }
    return List.copyOf(mounts);
  }

  private static Mount line(Scanner in) {
    int id = in.int32();
    in.expect(" ");
    int parent = in.int32();
    in.expect(" ");
    int major = in.int32();
    in.expect(":");
    int minor = in.int32();
    in.expect(" ");
    ByteString root = word(in);
    ByteString mountPoint = word(in);
    List<String> options = options(in, ' ');
    in.expect(" ");
    List<String> propagation = new ArrayList<>();
    while (!in.startsWith("- ")) {
      propagation.add(in.latin1Until(' '));
      in.expect(" ");
    }
    in.expect("- ");
    ByteString type = word(in);
    ByteString device = word(in);
    List<String> superOptions = options(in, '\n');
    in.expect("\n");
    return new Mount(
        id,
        parent,
        major,
        minor,
        root,
        mountPoint,
        options,
        propagation,
        type,
        device,
        superOptions);
  }

  private static ByteString word(Scanner in) {
    ByteString word = in.octalUnescapedUntil(' ');
    in.expect(" ");
    return word;
  }

  private static List<String> options(Scanner in, char end) {
    return List.of(in.latin1Until(end).split(",", -1));
  }
}
