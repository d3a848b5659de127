package org.libproc4j.procfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SmapsTest {
  private static final int KIB = 1024;

  @Test
  void eachMappingHasItsMemory() {
    List<Smaps> all = Fixture.recorded("smaps-6.18").parse(Smaps::parse);

    assertThat(all).hasSize(4);
    assertThat(all.get(0).mapping().path()).isEqualTo(ByteString.of("/opt/odd name (deleted)"));
    assertThat(all.get(0).privateClean()).isEqualTo(4 * KIB);
    Smaps heap = all.get(1);
    assertThat(heap.mapping().path()).hasToString("[heap]");
    assertThat(heap.mapping().size()).isEqualTo(1596 * KIB);
    assertThat(heap.rss()).isEqualTo(1544 * KIB).isEqualTo(heap.pss()).isEqualTo(heap.dirty());
    assertThat(heap.anonymous()).isEqualTo(1544 * KIB);
    assertThat(heap.swapPss()).hasValue(0);
    assertThat(heap.vmFlags()).containsExactly("rd", "wr", "mr", "mw", "me", "ac");
    assertThat(heap.raw()).containsEntry("THPeligible", "0");
  }

  @Test
  void withoutMemoryThereIsNone() {
    assertThat(Fixture.of("").parse(Smaps::parse)).isEmpty();
  }

  @Test
  void aMappingThatIsCutOffIsMalformed() {
    String text = Fixture.recorded("smaps-6.18").latin1();
    String cut = text.substring(0, text.indexOf("Swap:"));

    assertThatThrownBy(() -> Fixture.of(cut).parse(Smaps::parse))
        .isInstanceOf(MalformedProcException.class)
        .hasMessageContaining("no line \"Swap\"");
  }
}
