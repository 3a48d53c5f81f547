using IdentityProvider.Interop.Tests.Running;
using Xunit.Abstractions;

namespace IdentityProvider.Interop.Tests;

/// <summary>Authlib, the OAuth library of Python, as Debian packs it.</summary>
[Collection(SharedServer.Name)]
public sealed class AuthlibTests(InteropFixture fixture, ITestOutputHelper output)
{
    [InteropFact]
    public async Task Authlib_gets_on_with_the_server()
    {
        var run = new ClientRun(ForeignClients.Authlib, output);

        // Debian's own Python: another one does not see Debian's packages.
        await run.RunScriptAsync(
            fixture,
            "/usr/bin/python3",
            "Python/authlib_client.py",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["REQUESTS_CA_BUNDLE"] = fixture.Certificate });
        run.End();
    }
}
