package io.panal.machines.model;

import java.io.IOException;

/// Something that the user or the host prevented; the message is a sentence for the user.
public final class MachineFailure extends IOException {
    private static final long serialVersionUID = 1L;

    public MachineFailure(String message) {
        super(message);
    }

    public MachineFailure(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    /// docker-machine's answer to a name that is not in the storage.
    public static MachineFailure missing(String name) {
        return new MachineFailure(("Docker machine \"%s\" does not exist. Use \"panal machine ls\" to list machines."
                        + " Use \"panal machine create\" to add a new one.")
                .formatted(name));
    }

    /// docker-machine's answer to a name that is taken.
    public static MachineFailure exists(String name) {
        return new MachineFailure("Docker machine \"%s\" already exists".formatted(name));
    }
}
