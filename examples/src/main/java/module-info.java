/** The tools. */
module org.libproc4j.examples {
  requires org.libproc4j;
  requires org.libproc4j.procfs;
  requires info.picocli;
  requires static org.jspecify;

  opens org.libproc4j.examples to
      info.picocli;
}
