namespace IdentityProvider.Server.Composition;

/// <summary>What <c>--help</c> prints.</summary>
internal static class Usage
{
    public const string Text =
        """
        IdentityProvider.Server: an OAuth 2.0 and OpenID Connect authorization server.

        Usage: IdentityProvider.Server [command] [options]

        Commands
          (none)         runs the server
          check          validates the configuration without starting; exit code 1 when it has problems
          migrate        brings the database to this version's schema
          keys list      shows the key ring
          keys plan      shows the next dates of every key
          keys rotate    announces the next keys now; --alg ALG for one kind, --compromised KEY takes a key out at once, --compromised all every key
          keys rewrap    encrypts every key again under the master key in use
          deliveries list          shows logout notices and mails, sent or not yet; --pending, --failed or --delivered for those alone
          deliveries retry ID      tries a failed one again
          registration token create    makes a token that lets clients register; --expires-in SECONDS, --uses N, --note TEXT
          registration token list      shows those tokens, never their values
          registration token revoke ID ends one
          accounts invite MAIL             sends a link that makes one account; accounts revoke-invitation ID takes it back

        Options
          --config FILE           one more JSON file of the same schema; may be given many times, later ones win
          --environment NAME      Production (default) or Development
          --urls ADDRESSES        where to listen, such as http://127.0.0.1:8080
          --SECTION:KEY=VALUE     one setting, such as --IdentityProvider:Issuer=https://id.example.com
          --help, --version

        Settings come from appsettings.json, appsettings.{Environment}.json, --config files, environment variables
        (IdentityProvider__Issuer=...) and the command line, in this order. docs/configuration.md lists them all.

        """;
}
