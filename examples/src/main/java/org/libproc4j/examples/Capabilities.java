package org.libproc4j.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** What capabilities are called: capabilities(7). */
final class Capabilities {
  /** All that Linux 5.14 and newer have. */
  private static final List<String> NAMES =
      List.of(
          ("chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap"
               + " linux_immutable net_bind_service net_broadcast net_admin net_raw ipc_lock"
               + " ipc_owner sys_module sys_rawio sys_chroot sys_ptrace sys_pacct sys_admin"
               + " sys_boot sys_nice sys_resource sys_time sys_tty_config mknod lease audit_write"
               + " audit_control setfcap mac_override mac_admin syslog wake_alarm block_suspend"
               + " audit_read perfmon bpf checkpoint_restore")
              .split(" "));

  private static final int FEW = 5;

  private Capabilities() {}

  /** "cap_chown"; "cap_63" for one that has no name. */
  static String name(int capability) {
    return "cap_" + (capability < NAMES.size() ? NAMES.get(capability) : capability);
  }

  /** The capabilities of a mask. */
  static List<String> names(long mask) {
    return IntStream.range(0, Long.SIZE)
        .filter(capability -> (mask >>> capability & 1) != 0)
        .mapToObj(Capabilities::name)
        .toList();
  }

  /** The same for people, who rather read what is missing, if that is little. */
  static List<String> inShort(List<String> names) {
    if (names.isEmpty()) {
      return List.of("none");
    }
    List<String> missing =
        new ArrayList<>(IntStream.range(0, NAMES.size()).mapToObj(Capabilities::name).toList());
    missing.removeAll(names);
    if (missing.isEmpty()) {
      return List.of("all");
    }
    if (missing.size() > FEW) {
      return names;
    }
    List<String> words = new ArrayList<>(missing);
    words.set(0, "all but " + words.getFirst());
    return words;
  }
}
