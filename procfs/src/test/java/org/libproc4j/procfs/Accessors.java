package org.libproc4j.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;

/** Asks a parsed value everything that it can be asked. */
final class Accessors {
  private static final int MOST_FIELDS = 60;

  private Accessors() {}

  /** Throws what any of them throws. */
  static void callAll(Object value) {
    assertThat(value.toString()).isNotNull();
    assertThat(value.hashCode()).isEqualTo(value.hashCode());
    switch (value) {
      case Stat stat -> {
        stat.state();
        stat.isZombie();
        stat.isKernelThread();
        stat.processId();
        for (int field = -1; field < MOST_FIELDS; field++) {
          stat.field(field);
        }
      }
      case Status status -> status.state();
      case Cmdline cmdline -> cmdline.args();
      case Environ environ -> {
        environ.strings();
        environ.get("A");
      }
      case Auxv auxv -> {
        for (Auxv.Type type : Auxv.Type.values()) {
          auxv.get(type);
        }
      }
      case Limits limits -> {
        for (Limits.Resource resource : Limits.Resource.values()) {
          limits.get(resource);
        }
      }
      case MemInfo memInfo -> memInfo.raw().keySet().forEach(memInfo::bytes);
      case FdInfo fdInfo -> {
        fdInfo.isReadable();
        fdInfo.isWritable();
      }
      case Mapping mapping -> {
        mapping.permissions();
        mapping.size();
        callAll(mapping.target());
      }
      case Smaps smaps -> {
        smaps.dirty();
        callAll(smaps.mapping());
      }
      case NetSocket.Inet inet -> {
        inet.isV6();
        inet.remote().isAny();
      }
      case List<?> list -> list.forEach(Accessors::callAll);
      case Optional<?> optional -> optional.ifPresent(Accessors::callAll);
      default -> {
        // Has no more than its components.
      }
    }
  }
}
