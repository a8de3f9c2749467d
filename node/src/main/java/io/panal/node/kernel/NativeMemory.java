package io.panal.node.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// What this process's C library holds of memory that nothing uses any more.
public final class NativeMemory {
    private static final Optional<MethodHandle> TRIM = Linker.nativeLinker()
            .defaultLookup()
            .find("malloc_trim")
            .map(found -> Linker.nativeLinker().downcallHandle(found, FunctionDescriptor.of(JAVA_INT, JAVA_LONG)));

    private NativeMemory() {}

    /// Gives freed memory back to the kernel, as far as whole pages are free. C libraries without `malloc_trim`
    /// do so by themselves.
    public static void trim() {
        if (TRIM.isPresent()) {
            try {
                int _ = (int) TRIM.get().invokeExact(0L);
            } catch (Throwable impossible) {
                throw Bindings.impossible(impossible);
            }
        }
    }
}
