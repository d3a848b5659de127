package org.libproc4j;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.libproc4j.internal.linux.Machine;

/**
 * What an ELF file's header says of its kind.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/elf.5.html">elf(5)</a>
 */
final class ElfFile {
  private static final int HEADER_SIZE = 64;
  private static final int CLASS_64 = 2;
  private static final int LITTLE_ENDIAN = 1;
  private static final int TYPE_AT = 16;
  private static final int MACHINE_AT = 18;

  private static final int ET_EXEC = 2;
  private static final int ET_DYN = 3;
  private static final int ET_CORE = 4;

  private ElfFile() {}

  static void checkCore(Path file) throws GrabException {
    if (header(file, GrabError.G_NOCORE) != ET_CORE) {
      throw new GrabException(GrabError.G_FORMAT, file + " is an ELF file, but not a core file");
    }
  }

  static void checkProgram(Path file) throws GrabException {
    int type = header(file, GrabError.G_NOEXEC);
    if (type != ET_EXEC && type != ET_DYN) {
      throw new GrabException(GrabError.G_FORMAT, file + " is an ELF file, but not a program");
    }
  }

  /** The file's type, once all else is as it should be. */
  private static int header(Path file, GrabError missing) throws GrabException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(HEADER_SIZE);
    } catch (IOException e) {
      throw new GrabException(missing, "cannot open " + file + ": " + e);
    }
    if (bytes.length < 4
        || bytes[0] != 0x7f
        || bytes[1] != 'E'
        || bytes[2] != 'L'
        || bytes[3] != 'F') {
      throw new GrabException(GrabError.G_FORMAT, file + " is not an ELF file");
    }
    if (bytes.length < HEADER_SIZE) {
      throw new GrabException(
          GrabError.G_ELF,
          file + " is damaged: its ELF header has only " + bytes.length + " bytes");
    }
    ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int machine = Short.toUnsignedInt(header.getShort(MACHINE_AT));
    if (bytes[4] != CLASS_64 || bytes[5] != LITTLE_ENDIAN || machine != Machine.ELF_MACHINE) {
      throw new GrabException(
          GrabError.G_ISAINVAL,
          file + " is for another architecture (ELF machine " + machine + ")");
    }
    return Short.toUnsignedInt(header.getShort(TYPE_AT));
  }
}
