package org.libproc4j.procfs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/** What is asked of the file system, so that tests can have any of it fail. */
interface ProcIo {
  /** Opens a file. No interrupt of the calling thread disturbs its reading. */
  InputStream open(Path file) throws IOException;

  /** The names in a directory, in the kernel's order. */
  List<String> list(Path directory) throws IOException;

  /** The text of a symbolic link, as it is. */
  ByteString readLink(Path link) throws IOException;

  /** Looks at the file that a link leads to. */
  FdStat stat(Path link) throws IOException;

  /** Whether a file is certainly not there. */
  boolean isGone(Path file);
}
