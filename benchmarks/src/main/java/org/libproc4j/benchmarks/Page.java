package org.libproc4j.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A report as files: {@code README.md}, {@code bench.json}, and an SVG and a PNG of each plot. */
final class Page {
  static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private static final String TEXT = "README.md";
  private static final String FILES = "{README.md,bench.json,*.svg,*.png}";

  private Page() {}

  /** In place of what is there. */
  static void write(Report report, Path directory) throws IOException {
    Files.createDirectories(directory);
    clear(directory);
    JSON.writeValue(directory.resolve("bench.json").toFile(), report);
    Files.writeString(directory.resolve(TEXT), report.markdown());
    for (Plot plot : report.plots()) {
      Drawing.draw(plot, directory);
    }
  }

  /** Puts the page of an earlier run where it is to be read. */
  static void copy(Path from, Path to) throws IOException {
    if (!Files.exists(from.resolve(TEXT))) {
      throw new NoSuchFileException(
          from.resolve(TEXT).toString(), null, "there has been no run yet that wrote a page");
    }
    Files.createDirectories(to);
    clear(to);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(from, FILES)) {
      for (Path file : files) {
        Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  /** A plot of an earlier page may be of something that is not measured any more. */
  private static void clear(Path directory) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, FILES)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
  }
}
