package org.libproc4j.procfs;

import java.nio.file.Path;

/** A pure function from the bytes of a file to what they say. */
@FunctionalInterface
interface ProcParser<T> {
  /**
   * Parses the first {@code length} of {@code bytes}, and keeps neither.
   *
   * @throws MalformedProcException naming {@code source}, if the bytes are not what it expects
   */
  T parse(Path source, byte[] bytes, int length);
}
