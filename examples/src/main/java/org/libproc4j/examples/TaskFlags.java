package org.libproc4j.examples;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the kernel's flags of a task are called: the {@code PF_*} of its sched.h. Bits that have
 * changed their meaning since Linux 5.14 remain numbers.
 */
final class TaskFlags {
  private static final Map<Long, String> NAMES = new LinkedHashMap<>();

  static {
    NAMES.put(0x1L, "VCPU");
    NAMES.put(0x2L, "IDLE");
    NAMES.put(0x4L, "EXITING");
    NAMES.put(0x8L, "POSTCOREDUMP");
    NAMES.put(0x10L, "IO_WORKER");
    NAMES.put(0x20L, "WQ_WORKER");
    NAMES.put(0x40L, "FORKNOEXEC");
    NAMES.put(0x80L, "MCE_PROCESS");
    NAMES.put(0x100L, "SUPERPRIV");
    NAMES.put(0x200L, "DUMPCORE");
    NAMES.put(0x400L, "SIGNALED");
    NAMES.put(0x800L, "MEMALLOC");
    NAMES.put(0x1000L, "NPROC_EXCEEDED");
    NAMES.put(0x2000L, "USED_MATH");
    NAMES.put(0x8000L, "NOFREEZE");
    NAMES.put(0x20000L, "KSWAPD");
    NAMES.put(0x40000L, "MEMALLOC_NOFS");
    NAMES.put(0x80000L, "MEMALLOC_NOIO");
    NAMES.put(0x100000L, "LOCAL_THROTTLE");
    NAMES.put(0x200000L, "KTHREAD");
    NAMES.put(0x400000L, "RANDOMIZE");
    NAMES.put(0x4000000L, "NO_SETAFFINITY");
    NAMES.put(0x8000000L, "MCE_EARLY");
  }

  private TaskFlags() {}

  /** The names of the bits that are set, and last, as one number, those without a name. */
  static List<String> names(long flags) {
    List<String> names = new ArrayList<>();
    long unnamed = flags;
    for (Map.Entry<Long, String> flag : NAMES.entrySet()) {
      if ((flags & flag.getKey()) != 0) {
        names.add(flag.getValue());
        unnamed &= ~flag.getKey();
      }
    }
    if (unnamed != 0) {
      names.add(String.format(Locale.ROOT, "0x%x", unnamed));
    }
    return names;
  }
}
