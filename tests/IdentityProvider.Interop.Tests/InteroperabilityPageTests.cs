using System.Text;
using IdentityProvider.EndToEnd.Tests.Processes;

namespace IdentityProvider.Interop.Tests;

/// <summary>docs/interoperability.md is written from the list that every run is compared with.</summary>
public sealed class InteroperabilityPageTests
{
    private static readonly string Page = Path.Combine(Repository.Root, "docs", "interoperability.md");

    [Fact]
    public async Task The_page_in_docs_is_the_one_the_clients_give()
    {
        if (Environment.GetEnvironmentVariable("IDP_UPDATE_DOCS") is not null)
        {
            await File.WriteAllTextAsync(Page, Write());
        }

        Assert.Equal(Write(), await File.ReadAllTextAsync(Page));
    }

    private static string Write()
    {
        var page = new StringBuilder(
            """
            # Clients that others wrote

            *Made from `ForeignClients` of the interop tests; do not edit. To write it anew:
            `IDP_UPDATE_DOCS=1 dotnet test tests/IdentityProvider.Interop.Tests --filter InteroperabilityPage`.*

            `tests/run` runs each of them against the built server and prints name, version and what was seen to work; a run that covers less, or
            more, than this page says fails. All but the last speak to the server through Apache, which ends TLS in front of it, as in production;
            people use Chromium.

            | client | version | from | covered |
            | --- | --- | --- | --- |

            """);
        foreach (var client in ForeignClients.All)
        {
            page.Append("| ").Append(client.Name).Append(" | ").Append(client.Version).Append(" | ").Append(client.Source)
                .Append(" | ").AppendJoin("; ", client.Covers).Append(" |\n");
        }

        return page.Append(
            """

            Versions from npm and NuGet are pinned; Debian's are those of Debian 12 and may move on.

            ## What operators of these clients should know

            - **mod_auth_openidc**: `OIDCCacheEncrypt On` where it introspects tokens (`AuthType oauth20`): the keys of its shared memory are too
              short for JWT access tokens, so without it nothing is cached. The working settings are in
              `tests/IdentityProvider.Interop.Tests/Apache/httpd.conf`, with those of Apache as reverse proxy.
            - **oidc-agent**: register it with a secret; with an empty one its requests are `invalid_client`. Its redirect URI is
              `http://localhost:PORT`, registered with that port.
            - **oidc-client-ts**: `prompt=none` in a frame needs an app of the same site as the server, because browsers keep cookies from frames
              of other sites; refresh tokens work everywhere.

            """).ToString();
    }
}
