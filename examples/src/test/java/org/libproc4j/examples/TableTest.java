package org.libproc4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableTest {

  @Test
  void columnsAreAsWideAsTheyMustBe() {
    Table table = new Table("TID", "NAME");
    table.add("4711", "a");
    table.add("5", "long name");
    assertThat(table.lines(80)).containsExactly("TID   NAME", "4711  a", "5     long name");
  }

  @Test
  void noLineIsWiderThanTheTerminal() {
    Table table = new Table("TID", "NAME");
    table.add("4711", "a long name");
    assertThat(table.lines(9)).containsExactly("TID   NAM", "4711  a l");
  }

  @Test
  void wideAndCombiningCharactersCountAsTheTerminalShowsThem() {
    assertThat(Table.width("日本")).isEqualTo(4);
    assertThat(Table.width("e\u0301")).isEqualTo(1);
    assertThat(Table.cut("日本", 3)).isEqualTo("日");
  }
}
