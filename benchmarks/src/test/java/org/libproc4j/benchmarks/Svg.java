package org.libproc4j.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.xml.sax.SAXException;

/** Reads a picture. */
final class Svg {
  private static final String EXTERNAL_DTD =
      "http://apache.org/xml/features/nonvalidating/load-external-dtd";

  private Svg() {}

  /** How many paths it is made of. */
  static int paths(Path file) throws IOException, SAXException, ParserConfigurationException {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature(EXTERNAL_DTD, false);
    return factory
        .newDocumentBuilder()
        .parse(file.toFile())
        .getElementsByTagName("path")
        .getLength();
  }
}
