package io.panal.node.containers;

/// A file that a container has and its image has not, or the other way round, or that is another in both.
///
/// @param path absolute, in the container
public record FileChange(String path, Kind kind) {
    /// What became of it.
    public enum Kind {
        MODIFIED(0),
        ADDED(1),
        DELETED(2);

        private final int number;

        Kind(int number) {
            this.number = number;
        }

        /// As the Engine API has it.
        public int number() {
            return number;
        }
    }
}
