package org.libproc4j.internal.linux;

import org.libproc4j.linux.linux_h;

/** The processor architecture: the one file that knows which there are. */
public final class Machine {
  /** The ELF machine number of the programs that run here. */
  public static final int ELF_MACHINE =
      switch (System.getProperty("os.arch", "")) {
        case "amd64", "x86_64" -> linux_h.EM_X86_64();
        case "aarch64" -> linux_h.EM_AARCH64();
        default -> 0;
      };

  /** Whether that is x86-64. */
  public static final boolean IS_X86_64 = ELF_MACHINE == linux_h.EM_X86_64();

  private Machine() {}
}
