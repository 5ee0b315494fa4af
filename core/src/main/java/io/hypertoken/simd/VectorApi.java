package io.hypertoken.simd;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// Java's Vector API, brought into a process that was started without it.
///
/* To name the incubating module at the start (`--add-modules`) makes every start slower: Java then leaves its archived
module graph aside, and the ahead-of-time cache of ours with the method profiles that make the first second fast; and it
prints a warning. A module layer of one's own would not do, for HotSpot heeds @ForceInline only in classes of the boot
and platform loaders, and vectors that are not inlined are objects. So the module is given to the boot loader, as Java
does when it starts, by the same methods. They are Java's own: a process that wants the API opens the packages of java.base
in [#OPENED] to us (`Add-Opens` of our jar does, and the host that starts Java by JNI), and where one of the methods is
missing the API counts as not there. */
public final class VectorApi {
    /// The packages of java.base that must be open to the class path.
    public static final List<String> OPENED = List.of("java.lang", "jdk.internal.loader");

    private static final String NAME = "jdk.incubator.vector";
    private static @Nullable Boolean there;

    private VectorApi() {}

    /// Makes sure that classes which use `jdk.incubator.vector` can be linked. Takes about 20 ms the first time; any
    /// thread may call it.
    ///
    /// @return whether they can: false where Java does not bring the module
    public static synchronized boolean load() {
        Boolean known = there;
        if (known == null) {
            known = ModuleLayer.boot().findModule(NAME).isPresent() || bringIn();
            there = known;
        }
        return known;
    }

    private static boolean bringIn() {
        ModuleReference found = ModuleFinder.ofSystem().find(NAME).orElse(null);
        if (found == null) {
            return false;
        }
        try {
            define(found);
            return true;
        } catch (ReflectiveOperationException | InaccessibleObjectException missing) {
            LoggerFactory.getLogger(VectorApi.class)
                    .debug("the Vector API cannot be brought in, plain loops are used: {}", missing.toString());
            return false;
        }
    }

    private static void define(ModuleReference found) throws ReflectiveOperationException {
        Class<?> bootLoader = Class.forName("jdk.internal.loader.BootLoader");
        Method load = open(bootLoader.getDeclaredMethod("loadModule", ModuleReference.class));
        Constructor<Module> create = open(Module.class.getDeclaredConstructor(
                ModuleLayer.class, ClassLoader.class, ModuleDescriptor.class, URI.class));
        Method reads = open(Module.class.getDeclaredMethod("implAddReads", Module.class));
        Method exports = open(Module.class.getDeclaredMethod("implAddExports", String.class));
        Method exportsTo = open(Module.class.getDeclaredMethod("implAddExports", String.class, Module.class));

        load.invoke(null, found);
        Module base = Object.class.getModule();
        Module module = create.newInstance(
                ModuleLayer.boot(), null, found.descriptor(), found.location().orElse(null));
        reads.invoke(module, base);
        for (ModuleDescriptor.Exports each : base.getDescriptor().exports()) {
            if (each.targets().contains(NAME)) {
                exportsTo.invoke(base, each.source(), module);
            }
        }
        for (ModuleDescriptor.Exports each : found.descriptor().exports()) {
            exports.invoke(module, each.source());
        }
    }

    private static <T extends AccessibleObject> T open(T member) {
        member.setAccessible(true);
        return member;
    }
}
