package org.libproc4j.soak;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.libproc4j.GrabException;
import org.libproc4j.GrabOption;
import org.libproc4j.ProcessHandle;
import org.libproc4j.Tracer;
import org.libproc4j.Way;
import org.libproc4j.testing.Target;

/** A few targets that a worker plays with, and the tracer that they share. */
final class Game implements AutoCloseable {
  final Figures figures;
  final List<Animal> animals = new ArrayList<>();

  /** Null where each handle has a tracer of its own. */
  private final @Nullable Way way;

  /** The tracer is all workers' own: this game may not close it. */
  private final boolean common;

  private @Nullable Tracer tracer;

  /**
   * @param common tracers that all workers share
   */
  Game(Dice dice, Figures figures, List<Tracer> common) {
    this.figures = figures;
    int policy = dice.below(7);
    if (policy == 0) {
      way = null;
      this.common = false;
    } else if (policy < 3) {
      way = policy == 1 ? Way.SHARED_INTERRUPT : Way.SHARED_TGKILL;
      tracer = common.get(policy - 1);
      this.common = true;
    } else {
      way = dice.of(Way.values());
      this.common = false;
    }
    int number = dice.of(1, 1, 2, 3);
    try {
      for (int i = 0; i < number; i++) {
        animals.add(new Animal(dice, figures, isShared()));
      }
    } catch (RuntimeException | Error e) {
      animals.forEach(Animal::close);
      throw e;
    }
  }

  boolean isShared() {
    return way == null || way.isShared();
  }

  /** Whether there is a tracer that is this game's to close. */
  boolean mayCloseTracer() {
    return way != null && !common && tracer != null;
  }

  Tracer tracer() {
    if (tracer == null && way != null) {
      tracer = way.open();
    }
    if (tracer == null) {
      throw new IllegalStateException("each handle has a tracer of its own");
    }
    return tracer;
  }

  boolean byTgkill() {
    return way == Way.SHARED_TGKILL || way == Way.CONFINED_TGKILL;
  }

  boolean hasTracer() {
    return way != null;
  }

  ProcessHandle grab(Animal animal, GrabOption... options) throws GrabException {
    animal.shared = isShared();
    animal.byTgkill = byTgkill();
    animal.hasOwnTracer = !hasTracer();
    int pid = animal.target.pid();
    return way == null
        ? ProcessHandle.grab(pid, Target.LIMIT, options)
        : tracer().grab(pid, Target.LIMIT, options);
  }

  /** Closes the tracer, so that what it has is lost. */
  void closeTracer() {
    Tracer closing = tracer();
    tracer = null;
    closing.close();
  }

  /** Lets everything go, and looks whether it is sound. */
  void finish() {
    for (Animal animal : List.copyOf(animals)) {
      if (animal.isOver()) {
        bury(animal);
      } else {
        if (!animal.isFree()) {
          Leaving.release(animal);
        }
        animal.assertSound();
      }
    }
  }

  void bury(Animal animal) {
    animal.bury();
    animals.remove(animal);
    animal.close();
  }

  @Override
  public void close() {
    try {
      animals.forEach(Animal::close);
    } finally {
      if (!common && tracer != null) {
        tracer.close();
      }
    }
  }

  @Override
  public String toString() {
    return (common ? "common " : "") + (way == null ? "a tracer each" : way) + ", " + animals;
  }
}
