package org.libproc4j.soak;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.libproc4j.Tracer;

/** Plays one game after another. Its operations follow from the seed and its number. */
final class Worker {
  private static final int REMEMBERED = 60;

  private final long seed;
  private final int number;
  private final Figures figures;
  private int games;

  // For whoever has to tell what happened.
  private final Deque<String> history = new ArrayDeque<>();
  private volatile long busySince;
  private volatile @Nullable Game game;
  private volatile @Nullable Throwable failure;
  private volatile @Nullable Thread thread;

  /**
   * @param firstGame where to begin, for a replay
   */
  Worker(long seed, int number, int firstGame, Figures figures) {
    this.seed = seed;
    this.number = number;
    this.games = firstGame;
    this.figures = figures;
  }

  /** Begins to play, on a thread of its own, until it is over or something fails. */
  Thread start(List<Tracer> common, BooleanSupplier over) {
    busySince = System.nanoTime();
    Thread started =
        Thread.ofPlatform().name("soak-" + number).daemon().unstarted(() -> play(common, over));
    thread = started;
    started.start();
    return started;
  }

  private void play(List<Tracer> common, BooleanSupplier over) {
    try {
      while (!over.getAsBoolean()) {
        playOne(common);
        games++;
      }
    } catch (Throwable t) {
      failure = t; // the soak asks for it
    }
  }

  private void playOne(List<Tracer> common) throws Exception {
    Dice dice = Dice.at(seed, number, games);
    note("game " + games);
    try (Game playing = new Game(dice, figures, common)) {
      game = playing;
      int steps = dice.of(10, 40, 120);
      for (int step = 0; step < steps && !playing.animals.isEmpty(); step++) {
        step(playing, step);
      }
      note("finish " + playing);
      playing.finish();
    }
    game = null;
  }

  private void step(Game playing, int step) throws Exception {
    Dice dice = Dice.at(seed, number, games, step);
    Animal animal = dice.of(playing.animals);
    Operation operation = Operation.any(animal, dice);
    note(step + ": " + operation + " of " + animal);
    operation.run(playing, animal, dice);
    figures.operation(operation);
    for (Animal each : new ArrayList<>(playing.animals)) {
      if (each.isOver()) {
        note("bury " + each);
        playing.bury(each);
      } else {
        each.check(each == animal && dice.oneIn(4));
      }
    }
  }

  private void note(String what) {
    synchronized (history) {
      if (history.size() == REMEMBERED) {
        history.removeFirst();
      }
      history.addLast(what);
    }
    busySince = System.nanoTime();
  }

  @Nullable Throwable failure() {
    return failure;
  }

  /** How long it has been busy with one operation. */
  long busyNanos() {
    Thread worker = thread;
    return worker != null && worker.isAlive() ? System.nanoTime() - busySince : 0;
  }

  /** How to do the same again, what was done last, and where everything is. */
  String report() {
    StringBuilder text = new StringBuilder();
    text.append(
        "worker %d, game %d; to replay: -Dlibproc4j.soak.seed=%d -Dlibproc4j.soak.worker=%d -Dlibproc4j.soak.game=%d%n"
            .formatted(number, games, seed, number, games));
    synchronized (history) {
      history.forEach(line -> text.append("  ").append(line).append('\n'));
    }
    Game now = game;
    if (now != null) {
      text.append(now).append('\n');
      now.animals.forEach(animal -> text.append(animal.target.dump()));
    }
    Thread worker = thread;
    if (worker != null) {
      stack(text, worker);
    }
    return text.toString();
  }

  static void stack(StringBuilder text, Thread of) {
    text.append("thread ").append(of.getName()).append(", ").append(of.getState()).append('\n');
    for (StackTraceElement frame : of.getStackTrace()) {
      text.append("    at ").append(frame).append('\n');
    }
  }

  /** Kills its targets, so that a worker that hangs leaves nothing. */
  void abandon(Throwable why) {
    Game now = game;
    for (Animal animal : now == null ? List.<Animal>of() : List.copyOf(now.animals)) {
      try {
        animal.target.close();
      } catch (AssertionError e) {
        why.addSuppressed(e);
      }
    }
  }
}
