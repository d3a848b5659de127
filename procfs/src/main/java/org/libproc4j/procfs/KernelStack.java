package org.libproc4j.procfs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The grammar of {@code stack}: {@code [<0>] function+0x1/0x2} on each line. */
final class KernelStack {
  private static final String ADDRESS = "[<";

  private KernelStack() {}

  static List<String> parse(Path source, byte[] bytes, int length) {
    Scanner in = new Scanner(source, bytes, length);
    List<String> frames = new ArrayList<>();
    while (!in.atEnd()) {
      // Kernels before 4.15 showed the address.
      in.expect(ADDRESS);
      in.latin1Until('>');
      in.expect(">] ");
      frames.add(in.latin1Until('\n'));
      in.expect("\n");
    }
    return List.copyOf(frames);
  }
}
