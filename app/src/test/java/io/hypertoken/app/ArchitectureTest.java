package io.hypertoken.app;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// Holds the arrows between the rooms: what each may use. It lives in the one room that knows every other.
class ArchitectureTest {
    /// Every class we ship.
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.hypertoken");

    private static final String GAMES = "io.hypertoken.games..";
    private static final String JSON = "io.hypertoken.json..";
    private static final String GUESTS = "io.hypertoken.guests..";
    private static final String EMBED = "io.hypertoken.embed..";
    private static final String LEARN = "io.hypertoken.learn..";
    private static final String SERVER = "io.hypertoken.server..";
    private static final String HTTP = "io.hypertoken.server.http..";
    private static final String SESSION = "io.hypertoken.server.session..";
    private static final String BRIDGE = "io.hypertoken.server.bridge..";
    private static final String EVENTS = "io.hypertoken.server.events..";
    private static final String RELAY = "io.hypertoken.server.relay..";
    private static final String APP = "io.hypertoken.app..";

    /// Every package under io.hypertoken that is no other room's belongs to core.
    private static final String[] ROOMS_BUT_CORE = {GAMES, JSON, GUESTS, EMBED, LEARN, SERVER, APP};

    private static final DescribedPredicate<JavaClass> CORE = resideInAnyPackage("io.hypertoken..")
            .and(not(resideInAnyPackage(ROOMS_BUT_CORE)))
            .as("core");

    @Test
    void theImportSeesEveryRoom() {
        assertThat(CLASSES.stream().map(JavaClass::getPackageName))
                .contains(
                        "io.hypertoken",
                        "io.hypertoken.games",
                        "io.hypertoken.embed",
                        "io.hypertoken.learn.kernel",
                        "io.hypertoken.server",
                        "io.hypertoken.app");
    }

    @Test
    void coreUsesNothingButJavaJSpecifyAndSlf4j() {
        classes()
                .that(CORE)
                .should()
                .onlyDependOnClassesThat(CORE.or(
                        resideInAnyPackage("java..", "jdk..", "com.sun.management..", "org.jspecify..", "org.slf4j..")))
                .check(CLASSES);
    }

    @Test
    void gamesUseNoRoomButCore() {
        assertUsesNoRoomBut(GAMES);
    }

    @Test
    void embedUsesNothingButCoreAndJava() {
        classes()
                .that()
                .resideInAPackage(EMBED)
                .should()
                .onlyDependOnClassesThat(
                        CORE.or(resideInAnyPackage(EMBED)).or(resideInAnyPackage("java..", "org.jspecify..")))
                .check(CLASSES);
    }

    @Test
    void jsonUsesNoRoomButCore() {
        assertUsesNoRoomBut(JSON);
    }

    @Test
    void chicoryIsKnownToTheSandboxAlone() {
        noClasses()
                .that(not(simpleNameIsOneOf("WasmCode", "Sandbox", "LinearMemory")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.dylibso.chicory..")
                .check(CLASSES);
    }

    private static DescribedPredicate<JavaClass> simpleNameIsOneOf(String... names) {
        return DescribedPredicate.describe(
                "are one of " + List.of(names), each -> List.of(names).contains(each.getSimpleName()));
    }

    @Test
    void guestsUseNoRoomButCoreAndJson() {
        assertUsesNoRoomBut(GUESTS, JSON);
    }

    @Test
    void learnUsesNoRoomButCoreAndJson() {
        assertUsesNoRoomBut(LEARN, JSON);
    }

    @Test
    void kernelsKnowNoNetworkAndNetworksNoAlgorithm() {
        assertUsesNothingIn("io.hypertoken.learn.kernel..", "io.hypertoken.learn.net..", "io.hypertoken.learn.ppo..");
        assertUsesNothingIn("io.hypertoken.learn.net..", "io.hypertoken.learn.ppo..", "io.hypertoken.learn.run..");
        assertUsesNothingIn("io.hypertoken.learn.ppo..", "io.hypertoken.learn.run..");
    }

    @Test
    void serverUsesNoRoomButCoreJsonAndGuests() {
        assertUsesNoRoomBut(SERVER, JSON, GUESTS);
    }

    @Test
    void aPortKnowsNeitherSessionsNorAnyProtocol() {
        assertUsesNothingIn(HTTP, SESSION, BRIDGE, EVENTS, RELAY, JSON);
    }

    @Test
    void aPortKnowsNoEnvironment() {
        assertUsesNothingIn(HTTP, "io.hypertoken.env..", "io.hypertoken.engine..", "tools.jackson..");
    }

    @Test
    void sessionsKnowNoPortNoProtocolNoJsonAndNoNetwork() {
        assertUsesNothingIn(SESSION, HTTP, BRIDGE, EVENTS, "tools.jackson..", "io.netty..");
    }

    @Test
    void theBridgeSeesNoWebSocketFrames() {
        assertUsesNothingIn(BRIDGE, "io.netty.handler..", "io.netty.channel..");
    }

    @Test
    void theBridgeAndTheHubKnowNothingOfEachOther() {
        assertUsesNothingIn(BRIDGE, EVENTS);
        assertUsesNothingIn(EVENTS, BRIDGE, SESSION, "io.hypertoken.env..", "io.hypertoken.engine..");
    }

    @Test
    void nothingButTheCommandLineKnowsTheRelay() {
        assertUsesNothingIn(BRIDGE, RELAY);
        assertUsesNothingIn(EVENTS, RELAY);
        assertUsesNothingIn(SESSION, RELAY);
        assertUsesNothingIn(RELAY, EVENTS);
    }

    @Test
    void theRelaySeesNoWebSocketFrames() {
        assertUsesNothingIn(RELAY, "io.netty.handler..", "io.netty.channel..");
    }

    @Test
    void theHubSeesNoWebSocketFrames() {
        assertUsesNothingIn(EVENTS, "io.netty.handler..", "io.netty.channel..");
    }

    @Test
    void nothingUsesApp() {
        noClasses()
                .that()
                .resideOutsideOfPackage(APP)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(APP)
                .check(CLASSES);
    }

    @Test
    void everyPackageSaysWhatItIsAndIsNullMarked() {
        List<String> unmarked = CLASSES.stream()
                .map(JavaClass::getPackage)
                .distinct()
                .filter(javaPackage -> !isNullMarked(javaPackage))
                .map(JavaPackage::getName)
                .toList();

        assertThat(unmarked)
                .as("packages without a package-info.java marked @NullMarked")
                .isEmpty();
    }

    /// `room` may use itself, core and the `others`, but no further room.
    private static void assertUsesNoRoomBut(String room, String... others) {
        DescribedPredicate<JavaClass> allowed =
                resideInAnyPackage(room).or(resideInAnyPackage(others)).or(CORE);
        DescribedPredicate<JavaClass> forbidden =
                resideInAnyPackage("io.hypertoken..").and(not(allowed)).as("another room");

        noClasses()
                .that()
                .resideInAPackage(room)
                .should()
                .dependOnClassesThat(forbidden)
                .check(CLASSES);
    }

    private static void assertUsesNothingIn(String room, String... others) {
        noClasses()
                .that()
                .resideInAPackage(room)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .check(CLASSES);
    }

    private static boolean isNullMarked(JavaPackage javaPackage) {
        return javaPackage
                .tryGetPackageInfo()
                .map(info -> info.isAnnotatedWith(NullMarked.class))
                .orElse(false);
    }
}
