package io.selvage.server.module;

import io.selvage.server.auth.Passwords;
import io.selvage.server.config.Argument;
import io.selvage.server.config.Codec;
import io.selvage.server.config.Directives;
import io.selvage.server.config.Setting;
import io.selvage.server.http.Template;
import io.selvage.server.http.Text;
import io.selvage.server.route.BasicAuthentication;

/// Access by user name and password (`auth_basic`).
final class BasicAuthModule implements Module {
    private static final Template OFF = Template.literal("off");

    /// @param users without one, nothing is asked for
    record BasicAuthSettings(
            @Setting(value = "auth_basic off", also = "limit_except", doc = "Asks for a user name and a password, for a realm.")
                    Text realm,
            @Setting(value = "auth_basic_user_file", also = "limit_except", doc = "Names the file with users and hashes.",
                    differs = "no yescrypt, scrypt or bigcrypt") UserFile users) {
    }

    /// `auth_basic_user_file`
    ///
    /// @param name relative to the folder of the configuration; empty for none
    record UserFile(Template name) {
        private static final UserFile NONE = new UserFile(Template.EMPTY);
    }

    @Override
    public Directives directives() {
        return new Directives()
                .settings(BasicAuthSettings.class, Contexts.HTTP, Contexts.SERVER, Contexts.LOCATION)
                .codec(UserFile.class, Codec.maybe(UserFile.NONE,
                        Codec.word(BasicAuthModule::userFile, file -> file.name.toString())));
    }

    private static UserFile userFile(Argument argument) {
        return new UserFile(argument.configPathTemplate());
    }

    @Override
    public void assemble(LocationBuilder location) {
        BasicAuthSettings set = location.get(BasicAuthSettings.class);
        if (!set.realm.equals(OFF) && !set.users.equals(UserFile.NONE)) {
            Passwords passwords = location.state().keep(Passwords.class, "", _ -> new Passwords());
            location.access(new BasicAuthentication(set.realm, set.users.name, passwords, location.errorLog()));
        }
    }
}
