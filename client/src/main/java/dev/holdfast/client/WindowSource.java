package dev.holdfast.client;

import dev.holdfast.client.wire.RequestBatch.Window;
import java.util.List;
import java.util.UUID;

/** Knows what the agents of this process grant to each member. Thread-safe. */
interface WindowSource {
  WindowSource NONE =
      new WindowSource() {
        @Override
        public List<Window> take(UUID member) {
          return List.of();
        }

        @Override
        public void lost(UUID member) {}
      };

  /** The windows that have changed since the member was last told; it is told now. */
  List<Window> take(UUID member);

  /** What the member was told may not have arrived. */
  void lost(UUID member);
}
