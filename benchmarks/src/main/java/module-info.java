/** Measurements; never published. */
@SuppressWarnings("requires-automatic")
module org.libproc4j.benchmarks {
  requires jdk.management;
  requires org.libproc4j;
  requires jmh.core;
  requires static org.jspecify;
}
