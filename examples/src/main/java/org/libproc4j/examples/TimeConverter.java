package org.libproc4j.examples;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code TIME}: 200ms, 5s, 1.5m, 2h; a number alone is seconds, as for sleep(1). */
final class TimeConverter implements ITypeConverter<Duration> {
  /** As good as for ever, and still a number of nanoseconds that can be added to another. */
  private static final BigDecimal LONGEST = BigDecimal.valueOf(Long.MAX_VALUE / 2);

  private static final Pattern TIME = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ms|s|m|h)?");

  @Override
  public Duration convert(String text) {
    Matcher matcher = TIME.matcher(text);
    if (!matcher.matches()) {
      throw new TypeConversionException("'" + text + "' is no time such as 200ms, 5s or 1.5m");
    }
    BigDecimal nanos = new BigDecimal(matcher.group(1)).multiply(nanosPerUnit(matcher.group(2)));
    Duration time =
        Duration.ofNanos(nanos.min(LONGEST).setScale(0, RoundingMode.UP).longValueExact());
    if (time.isZero()) {
      throw new TypeConversionException("a time must be longer than nothing");
    }
    return time;
  }

  private static BigDecimal nanosPerUnit(@org.jspecify.annotations.Nullable String unit) {
    Duration one =
        switch (unit) {
          case "ms" -> Duration.ofMillis(1);
          case "m" -> Duration.ofMinutes(1);
          case "h" -> Duration.ofHours(1);
          case null, default -> Duration.ofSeconds(1);
        };
    return BigDecimal.valueOf(one.toNanos());
  }
}
