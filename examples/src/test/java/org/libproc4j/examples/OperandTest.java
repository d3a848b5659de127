package org.libproc4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OperandTest {

  @Test
  void aProcessIsAPidOrItsDirectory() throws OperandException {
    assertThat(Operand.parse("4711").pid()).isEqualTo(4711);
    assertThat(Operand.parse("/proc/4711").pid()).isEqualTo(4711);
    assertThat(Operand.parse("4711").lwps()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"4711/12", "/proc/4711/12", "4711/-12", "4711/12-12,40-", "4711/13,10-12"})
  void threadsOfItFollowASlash(String text) throws OperandException {
    Operand operand = Operand.parse(text);
    assertThat(operand.pid()).isEqualTo(4711);
    assertThat(operand.lwps().orElseThrow().select(4711, List.of(12, 13, 40))).contains(12);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "abc",
        "-5",
        "+5",
        "0x10",
        "1.5",
        "4711 ",
        "1/",
        "/proc/",
        "/proc/self",
        "/proc/1/",
        "proc/1",
        "1/2/3",
        "1/,",
        "1/2,",
        "1/-",
        "1/--",
        "1/2-3-4",
        "1/a",
        "1/2\n",
        "/1",
        "٣"
      })
  void anythingElseIsRefusedWithTheForm(String text) {
    assertThatExceptionOfType(OperandException.class)
        .isThrownBy(() -> Operand.parse(text))
        .withMessage(Operand.FORM);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "000", "2147483648", "99999999999999999999999"})
  void whatNoProcessCanHaveIsNoProcess(String text) {
    assertThatExceptionOfType(OperandException.class)
        .isThrownBy(() -> Operand.parse(text))
        .withMessageStartingWith("there is no process ");
  }

  @Test
  void aRangeThatEndsBeforeItBeginsIsRefused() {
    assertThatExceptionOfType(OperandException.class)
        .isThrownBy(() -> Operand.parse("1/9-3"))
        .withMessage("the range 9-3 ends before it begins");
  }

  @Test
  void aSetSelectsItsThreadsOnceAndInOrder() throws OperandException {
    List<Integer> tids = List.of(10, 11, 12, 20, 30);
    assertThat(LwpSet.parse("12,10-12,30-").select(10, tids)).containsExactly(10, 11, 12, 30);
    assertThat(LwpSet.parse("-11").select(10, tids)).containsExactly(10, 11);
    assertThat(LwpSet.parse("1-99999999999999999999").select(10, tids)).hasSize(5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"13", "13-19", "31-", "-9", "10,13"})
  void eachPartOfASetMustNameAThread(String text) {
    assertThatExceptionOfType(OperandException.class)
        .isThrownBy(() -> LwpSet.parse(text).select(10, List.of(10, 11, 12, 20, 30)))
        .withMessageStartingWith("process 10 has no thread ");
  }
}
