using IdentityProvider.Interop.Tests.Running;
using Xunit.Abstractions;

namespace IdentityProvider.Interop.Tests;

/// <summary>Libraries for Node.js.</summary>
[Collection(SharedServer.Name)]
public sealed class NodeClientTests(InteropFixture fixture, ITestOutputHelper output)
{
    [InteropFact]
    public Task Openid_client_gets_on_with_the_server() => RunAsync(ForeignClients.OpenIdClient, "openid-client.js");

    [InteropFact]
    public Task Oauth4webapi_gets_on_with_the_server() => RunAsync(ForeignClients.OAuth4WebApi, "oauth4webapi.js");

    [InteropFact]
    public Task Jose_accepts_all_that_the_server_signs() => RunAsync(ForeignClients.Jose, "jose.js");

    private async Task RunAsync(ForeignClient client, string script)
    {
        var run = new ClientRun(client, output);
        await run.RunScriptAsync(
            fixture,
            "node",
            "Node/" + script,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["NODE_EXTRA_CA_CERTS"] = fixture.Certificate });
        run.End();
    }
}
