using IdentityProvider.Protocol.Keys;
using IdentityProvider.Protocol.Tests.Keys;
using Microsoft.AspNetCore.DataProtection;

namespace IdentityProvider.Server.Tests.Keys;

public sealed class KeyRingServicesTests
{
    private readonly InMemoryKeyStore _store = new();

    [Fact]
    public async Task What_data_protection_protects_on_one_node_another_and_a_restarted_one_unprotect()
    {
        await using var first = KeyServices.Create(_store, TimeProvider.System);
        await first.StartAsync();
        await using var second = KeyServices.Create(_store, TimeProvider.System);
        await second.StartAsync();

        var value = first.GetDataProtector("antiforgery").Protect("form");

        Assert.Equal("form", second.GetDataProtector("antiforgery").Unprotect(value));
        await first.StopAsync();
        await second.StopAsync();
        await using var restarted = KeyServices.Create(_store, TimeProvider.System);
        Assert.Equal("form", restarted.GetDataProtector("antiforgery").Unprotect(value));
    }

    [Fact]
    public async Task The_key_of_data_protection_is_wrapped_in_the_store()
    {
        await using var services = KeyServices.Create(_store, TimeProvider.System);
        await services.StartAsync();
        services.GetDataProtector("antiforgery").Protect("form");

        var record = Assert.Single(_store.Keys, record => record.Purpose == KeyPurposes.DataProtection);

        Assert.DoesNotContain("masterKey", System.Text.Encoding.Latin1.GetString(record.WrappedSecret.Span), StringComparison.Ordinal);
        await services.StopAsync();
    }

    [Fact]
    public async Task A_wrong_master_key_stops_the_start_of_the_host()
    {
        await using (var services = KeyServices.Create(_store, TimeProvider.System))
        {
            await services.StartAsync();
            await services.StopAsync();
        }

        var changes = _store.Changes;
        await using var other = KeyServices.Create(
            _store, TimeProvider.System, keys => keys.MasterKey = "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI=");

        var error = await Assert.ThrowsAsync<KeyRingException>(other.StartAsync);

        Assert.StartsWith("Cannot unwrap key ", error.Message, StringComparison.Ordinal);
        Assert.Equal(changes, _store.Changes);
    }
}
