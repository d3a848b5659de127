package org.libproc4j.procfs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * What an open file is, whether or not it still has a name: stat(2).
 *
 * @param devMajor the major number of the device that it is on
 * @param devMinor its minor number
 * @param ino the number of its inode
 * @param mode its type and permissions, as in inode(7)
 * @param nlink how many names it has
 * @param uid the user who owns it
 * @param gid the group that owns it
 * @param rdevMajor the major number of the device that it is; 0 for what is none
 * @param rdevMinor its minor number
 * @param size its size, in bytes
 */
public record FdStat(
    int devMajor,
    int devMinor,
    long ino,
    int mode,
    int nlink,
    long uid,
    long gid,
    int rdevMajor,
    int rdevMinor,
    long size) {
  /** {@code S_IFMT}: the type's bits. */
  private static final int TYPE = 0170000;

  /** What a file can be: inode(7). */
  public enum Type {
    /** {@code S_IFIFO}: a pipe, with a name or without. */
    FIFO(0010000),
    /** {@code S_IFCHR}: a character device. */
    CHR(0020000),
    /** {@code S_IFDIR}: a directory. */
    DIR(0040000),
    /** {@code S_IFBLK}: a block device. */
    BLK(0060000),
    /** {@code S_IFREG}: a regular file. */
    REG(0100000),
    /** {@code S_IFLNK}: a symbolic link, which only {@code O_PATH} opens. */
    LNK(0120000),
    /** {@code S_IFSOCK}: a socket. */
    SOCK(0140000),
    /** Something else: an object of the kernel without an inode of its own has no type. */
    OTHER(0);

    private final int bits;

    Type(int bits) {
      this.bits = bits;
    }
  }

  /** Looks at the file that a path leads to, also by a link of {@code /proc}. */
  static FdStat of(Path file) throws IOException {
    Map<String, Object> stat =
        Files.readAttributes(file, "unix:dev,ino,mode,nlink,uid,gid,rdev,size");
    long dev = number(stat, "dev");
    long rdev = number(stat, "rdev");
    return new FdStat(
        major(dev),
        minor(dev),
        number(stat, "ino"),
        (int) number(stat, "mode"),
        (int) number(stat, "nlink"),
        number(stat, "uid") & 0xffffffffL,
        number(stat, "gid") & 0xffffffffL,
        major(rdev),
        minor(rdev),
        number(stat, "size"));
  }

  private static long number(Map<String, Object> stat, String name) {
    return ((Number) Objects.requireNonNull(stat.get(name))).longValue();
  }

  /** As makedev(3) puts the two together. */
  private static int major(long dev) {
    return (int) ((dev >> 8 & 0xfff) | (dev >> 32 & ~0xfff));
  }

  private static int minor(long dev) {
    return (int) ((dev & 0xff) | (dev >> 12 & ~0xff));
  }

  /**
   * What it is.
   *
   * @return the type that its mode says
   */
  public Type type() {
    for (Type type : Type.values()) {
      if (type.bits == (mode & TYPE)) {
        return type;
      }
    }
    return Type.OTHER;
  }

  /**
   * Who may do what.
   *
   * @return the mode without the type
   */
  public int permissions() {
    return mode & ~TYPE;
  }
}
