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
  void numbersEndBelowEachOther() {
    Table table = Table.bare().right(0);
    table.add("5", "a");
    table.add("4711");
    assertThat(table.lines(80)).containsExactly("   5  a", "4711");
  }

  @Test
  void ofAPathThatDoesNotFitTheEndIsKept() {
    Table table = Table.bare().keepTails();
    table.add("1", "/usr/lib/libc.so.6");
    table.add("2", "/short");
    assertThat(table.lines(13)).containsExactly("1  ...bc.so.6", "2  /short");
    assertThat(table.lines(4)).containsExactly("1  /", "2  /");
    assertThat(table.lines(Terminal.ENDLESS)).first().isEqualTo("1  /usr/lib/libc.so.6");
    assertThat(Table.tail("日本日本", 7)).isEqualTo("...日本");
  }

  @Test
  void wideAndCombiningCharactersCountAsTheTerminalShowsThem() {
    assertThat(Table.width("日本")).isEqualTo(4);
    assertThat(Table.width("e\u0301")).isEqualTo(1);
    assertThat(Table.cut("日本", 3)).isEqualTo("日");
  }
}
