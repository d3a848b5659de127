package org.libproc4j.benchmarks;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.function.DoubleUnaryOperator;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.ChartTheme;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Plots as files. */
final class Drawing {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 560;
  private static final int PALE = 220;
  private static final String NUMBERS = "#,##0.###";

  private Drawing() {}

  /** Writes it as SVG and as PNG. */
  static void draw(Plot plot, Path directory) throws IOException {
    System.setProperty("java.awt.headless", "true");
    XYChart chart = chart(plot);
    String file = directory.resolve(plot.name()).toString();
    VectorGraphicsEncoder.saveVectorGraphic(chart, file, VectorGraphicsFormat.SVG);
    BitmapEncoder.saveBitmap(chart, file, BitmapFormat.PNG);
  }

  private static XYChart chart(Plot plot) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(plot.title())
            .xAxisTitle(plot.x())
            .yAxisTitle(plot.y())
            .theme(ChartTheme.Matlab)
            .build();
    var styler = chart.getStyler();
    styler
        .setXAxisLogarithmic(true)
        .setYAxisLogarithmic(plot.logarithmicY())
        .setXAxisDecimalPattern(NUMBERS)
        .setYAxisDecimalPattern(NUMBERS)
        .setPlotTicksMarksVisible(false)
        .setPlotGridLinesColor(new Color(PALE, PALE, PALE))
        // Dashes would be drawn one by one, and make a file of megabytes.
        .setPlotGridLinesStroke(new BasicStroke(0.5f))
        .setLegendPosition(LegendPosition.OutsideE);
    // Only powers of ten are named: each axis ends at such.
    styler.setXAxisMin(decade(plot.allX().min(), Math::floor));
    styler.setXAxisMax(decade(plot.allX().max(), Math::ceil));
    styler.setYAxisMin(plot.logarithmicY() ? decade(plot.allY().min(), Math::floor) : 0);
    styler.setYAxisMax(plot.logarithmicY() ? decade(plot.allY().max(), Math::ceil) : 100);
    for (Plot.Line line : plot.lines()) {
      var series = chart.addSeries(line.name(), line.x(), line.y());
      if (!plot.logarithmicY()) {
        series.setMarker(SeriesMarkers.NONE);
      }
    }
    return chart;
  }

  private static double decade(OptionalDouble limit, DoubleUnaryOperator rounding) {
    return Math.pow(10, rounding.applyAsDouble(Math.log10(limit.orElse(1))));
  }
}
