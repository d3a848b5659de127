/** Measurements; never published. */
@SuppressWarnings("requires-automatic")
module org.libproc4j.benchmarks {
  requires com.fasterxml.jackson.databind;
  requires com.github.oshi;
  requires com.github.oshi.common;
  requires java.desktop;
  requires jdk.management;
  requires jmh.core;
  requires org.knowm.xchart;
  requires org.libproc4j;
  requires org.libproc4j.procfs;
  requires static org.jspecify;

  opens org.libproc4j.benchmarks to
      com.fasterxml.jackson.databind;
}
