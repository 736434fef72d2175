// Runs HiveMQ CE from a folder that holds its configuration, until SIGTERM. Its guarded listener takes one user, who may
// not touch one topic; everybody is welcome on the others. (HiveMQ leaves logins to extensions, and takes nobody without.)

import com.hivemq.embedded.EmbeddedExtension;
import com.hivemq.embedded.EmbeddedHiveMQ;
import com.hivemq.extension.sdk.api.ExtensionMain;
import com.hivemq.extension.sdk.api.auth.SimpleAuthenticator;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthInput;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthOutput;
import com.hivemq.extension.sdk.api.auth.parameter.TopicPermission;
import com.hivemq.extension.sdk.api.packets.auth.DefaultAuthorizationBehaviour;
import com.hivemq.extension.sdk.api.packets.connect.ConnackReasonCode;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartOutput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopOutput;
import com.hivemq.extension.sdk.api.services.Services;
import com.hivemq.extension.sdk.api.services.builder.Builders;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

public final class Hivemq {
  /** Arguments: the folder, and the guarded listener's port, user, password and denied topic. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    Guard guard =
        new Guard(Integer.parseInt(arguments[1]), arguments[2], arguments[3], arguments[4]);
    EmbeddedExtension extension =
        EmbeddedExtension.builder()
            .withId("gauntlet")
            .withName("Guard of a listener")
            .withVersion("1")
            .withExtensionMain(guard)
            .build();
    EmbeddedHiveMQ broker =
        EmbeddedHiveMQ.builder()
            .withConfigurationFolder(folder)
            .withDataFolder(Files.createDirectories(folder.resolve("data")))
            .withExtensionsFolder(Files.createDirectories(folder.resolve("extensions")))
            .withEmbeddedExtension(extension)
            .build();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> broker.stop().join()));
    broker.start().join();
    Thread.currentThread().join();
  }

  private static final class Guard implements ExtensionMain, SimpleAuthenticator {
    private final int port;
    private final String user;
    private final String password;
    private final String deniedTopic;

    Guard(int port, String user, String password, String deniedTopic) {
      this.port = port;
      this.user = user;
      this.password = password;
      this.deniedTopic = deniedTopic;
    }

    @Override
    public void extensionStart(ExtensionStartInput input, ExtensionStartOutput output) {
      Services.securityRegistry().setAuthenticatorProvider(ignored -> this);
    }

    @Override
    public void extensionStop(ExtensionStopInput input, ExtensionStopOutput output) {}

    @Override
    public void onConnect(SimpleAuthInput input, SimpleAuthOutput output) {
      if (input.getConnectPacket().getAuthenticationMethod().isPresent()) {
        output.failAuthentication(ConnackReasonCode.BAD_AUTHENTICATION_METHOD);
        return;
      }
      boolean guarded =
          input.getConnectionInformation().getListener().orElseThrow().getPort() == port;
      if (!guarded) {
        output.authenticateSuccessfully();
        return;
      }
      boolean known =
          input.getConnectPacket().getUserName().equals(java.util.Optional.of(user))
              && input.getConnectPacket().getPassword().map(Guard::text).orElse("").equals(password);
      if (!known) {
        output.failAuthentication(ConnackReasonCode.BAD_USER_NAME_OR_PASSWORD);
        return;
      }
      output.getDefaultPermissions().add(denied());
      output.getDefaultPermissions().setDefaultBehaviour(DefaultAuthorizationBehaviour.ALLOW);
      output.authenticateSuccessfully();
    }

    private TopicPermission denied() {
      return Builders.topicPermission()
          .topicFilter(deniedTopic)
          .type(TopicPermission.PermissionType.DENY)
          .build();
    }

    private static String text(ByteBuffer bytes) {
      return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }
  }
}
