using IdentityProvider.EndToEnd.Tests.Processes;

namespace IdentityProvider.EndToEnd.Tests.Orders;

/// <summary>The server and both order APIs, started once for all tests of the class.</summary>
public sealed class OrdersFixture : IAsyncLifetime
{
    internal RunningServer Server { get; private set; } = null!;

    internal ChildProcess ResourceApi { get; private set; } = null!;

    internal ChildProcess NodeApi { get; private set; } = null!;

    internal IReadOnlyList<Uri> Apis => [ResourceApi.Address, NodeApi.Address];

    public async Task InitializeAsync()
    {
        Server = await RunningServer.StartAsync(KeyValuePair.Create("Tokens:status_list_ttl", "1"));
        ResourceApi = await SampleProcesses.StartResourceApiAsync(Server.Issuer);
        NodeApi = await SampleProcesses.StartNodeApiAsync(Server.Issuer);
    }

    public async Task DisposeAsync()
    {
        await NodeApi.DisposeAsync();
        await ResourceApi.DisposeAsync();
        await Server.DisposeAsync();
    }
}
