package org.libproc4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ParagraphTest {

  @Test
  void wordsGoOnBelowTheFirst() {
    assertThat(Paragraph.lines("a: ", List.of("one", "two", "three", "4"), ",", 12))
        .containsExactly("a: one,two,", "   three,4");
  }

  @Test
  void whatFitsIsOneLine() {
    assertThat(Paragraph.lines("a: ", List.of("one", "two"), "  ", 11))
        .containsExactly("a: one  two");
    assertThat(Paragraph.lines("a: ", List.of(), " ", 1)).containsExactly("a:");
  }

  @Test
  void aLongStartLeavesRoomForTheWords() {
    assertThat(Paragraph.lines("a very long start: ", List.of("one", "two"), " ", 20))
        .containsExactly("a very long start:", "      one two");
  }

  @Test
  void aWordIsNeverBroken() {
    assertThat(Paragraph.lines("", List.of("long", "longer"), ",", 3))
        .containsExactly("long,", "longer");
  }
}
