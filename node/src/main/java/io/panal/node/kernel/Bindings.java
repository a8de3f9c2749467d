package io.panal.node.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// How a libc function is bound so that `errno` can be read after it.
final class Bindings {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup LIBC = LINKER.defaultLookup();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private Bindings() {}

    /// A handle whose first argument is a segment from [#state].
    static MethodHandle bind(String name, FunctionDescriptor shape) {
        return LINKER.downcallHandle(LIBC.findOrThrow(name), shape, Linker.Option.captureCallState("errno"));
    }

    /// As [#bind], for a C function whose arguments from `firstVariadic` on are variadic: it has another calling
    /// convention on some machines.
    static MethodHandle bindVariadic(String name, FunctionDescriptor shape, int firstVariadic) {
        return LINKER.downcallHandle(
                LIBC.findOrThrow(name),
                shape,
                Linker.Option.captureCallState("errno"),
                Linker.Option.firstVariadicArg(firstVariadic));
    }

    static MemorySegment state(Arena arena) {
        return arena.allocate(STATE);
    }

    static int errno(MemorySegment state) {
        return (int) ERRNO.get(state, 0L);
    }

    /// What a method handle may throw but a bound C function never does.
    static IllegalStateException impossible(Throwable thrown) {
        return new IllegalStateException("a system call threw", thrown);
    }
}
