package org.libproc4j.procfs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Tells EACCES and EPERM from other errors.
 *
 * <p>Java gives only an EACCES of open(2) a type of its own. For the others there is the C
 * library's text, which follows the user's locale.
 */
final class Denial {
  private static final boolean ENGLISH = textOfEnotdir().equals("Not a directory");

  private Denial() {}

  /** Loads this class: when it is needed, there may be no descriptor left to learn with. */
  static void prepare() {}

  /** Whether the failure to read a file of an existing task means that the caller may not. */
  static boolean isDenial(IOException e) {
    return isDenial(e, ENGLISH);
  }

  static boolean isDenial(IOException e, boolean english) {
    if (e instanceof AccessDeniedException) {
      return true;
    }
    if (e instanceof NoSuchFileException) {
      return false;
    }
    String text = text(e);
    return text.equals("Operation not permitted")
        || text.equals("Permission denied")
        // In another language, by elimination: it is this file that fails, and not all of them.
        || (!english && canOpenFiles());
  }

  /** The kernel's reason, in the words of the C library. */
  static String reason(IOException e) {
    return text(e).isEmpty() ? "Permission denied" : text(e);
  }

  private static String text(IOException e) {
    String text = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    return text == null ? "" : text;
  }

  private static boolean canOpenFiles() {
    try (InputStream in = Files.newInputStream(Path.of("/dev/null"))) {
      return in.read() < 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static String textOfEnotdir() {
    try (InputStream in = Files.newInputStream(Path.of("/dev/null/x"))) {
      return "" + in.read();
    } catch (IOException e) {
      return text(e);
    }
  }
}
