using IdentityProvider.Protocol.DeviceAuthorization;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Tests.InMemory;

namespace IdentityProvider.Protocol.Tests.DeviceAuthorization;

public sealed class DeviceAuthorizationRequestHandlerTests
{
    [Fact]
    [Clause("RFC 8628", "3.2", "device_code REQUIRED … user_code REQUIRED … verification_uri REQUIRED … expires_in REQUIRED")]
    public async Task Device_is_given_both_codes_and_where_to_enter_the_short_one()
    {
        using var engine = DeviceEngine.Create();

        var response = await engine.AskAsync();

        Assert.Matches("^[A-Z]{4}-[A-Z]{4}$", response.UserCode);
        Assert.Equal("https://id.example/device", response.VerificationUri);
        Assert.Equal("https://id.example/device?user_code=" + response.UserCode, response.VerificationUriComplete);
        Assert.Equal((TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(5)), (response.ExpiresIn, response.Interval));
        Assert.Equal(71, response.DeviceCode.Length);
    }

    [Fact]
    public async Task What_was_asked_and_from_where_is_kept_until_the_end()
    {
        using var engine = DeviceEngine.Create(options => options.DeviceAuthorization.CodeLifetime = TimeSpan.FromMinutes(3));

        await engine.AskAsync(("resource", "https://orders.example"));

        var device = Assert.Single(engine.Devices.Devices.Values);
        Assert.Equal(
            ("tv", "openid orders.read", DeviceEngine.Address, TimeSpan.FromMinutes(3)),
            (device.ClientId, device.Scope.ToString(), device.RemoteAddress, device.ExpiresAt - device.CreatedAt));
        Assert.Equal(["https://orders.example"], device.Resources);
        Assert.Null(device.Decision);
    }

    [Theory]
    [Case(128)]
    [InlineData("orders.read nonsense", "invalid_scope")]
    [InlineData("openid stock.read", "invalid_scope")]
    [InlineData("stock.read", "invalid_scope")]
    [InlineData("\"", "invalid_scope")]
    [InlineData(null, "invalid_scope")]
    public async Task Scope_that_is_unknown_malformed_missing_or_not_the_clients_is_refused(string? scope, string error)
    {
        using var engine = DeviceEngine.Create();

        Assert.Equal(error, (await engine.RequestAsync(("scope", scope))).Error?.Code);
        Assert.Empty(engine.Devices.Devices);
    }

    [Fact]
    [Case(128)]
    public async Task Client_that_is_not_registered_for_it_is_refused()
    {
        using var engine = DeviceEngine.Create();

        Assert.Equal("unauthorized_client", (await engine.RequestAsync(("client_id", "app"))).Error?.Code);
        Assert.Empty(engine.Devices.Devices);
    }

    [Theory]
    [InlineData("client_id", "nobody", "invalid_client")]
    [InlineData("client_id", null, "invalid_client")]
    [InlineData("client_secret", "guessed", "invalid_client")]
    [InlineData("resource", "https://stock.example", "invalid_target")]
    [InlineData("resource", "https://nowhere.example", "invalid_target")]
    public async Task Client_and_resource_are_checked_as_at_the_token_endpoint(string name, string? value, string error)
    {
        using var engine = DeviceEngine.Create();

        Assert.Equal(error, (await engine.RequestAsync((name, value))).Error?.Code);
    }

    [Fact]
    [Clause("RFC 8628", "3.1", "The client authentication requirements of Section 3.2.1 of [RFC6749] apply to requests on this endpoint")]
    public async Task Confidential_client_has_to_authenticate()
    {
        var client = Engine.ConfidentialClient with { ClientId = "tv", GrantTypes = [GrantTypeNames.DeviceCode, GrantTypeNames.RefreshToken] };
        using var engine = DeviceEngine.Create(client: client);

        Assert.Equal("invalid_client", (await engine.RequestAsync()).Error?.Code);
        Assert.True((await engine.RequestAsync(("client_secret", Engine.Secret))).Succeeded);
    }

    [Fact]
    public async Task Parameter_sent_twice_is_an_invalid_request()
    {
        using var engine = DeviceEngine.Create();

        Assert.Equal("invalid_request", (await engine.RequestAsync(("scope", "openid"), ("scope", "openid"))).Error?.Code);
    }

    [Fact]
    public async Task User_code_that_another_device_has_is_drawn_again()
    {
        using var engine = DeviceEngine.Create();
        engine.Devices.TakenCodes = 4;

        var response = await engine.AskAsync();

        Assert.IsType<DeviceLookup.Found>(await engine.EnterAsync(response.UserCode));
    }

    [Fact]
    [Case(119)]
    public async Task Device_code_opens_to_its_id_and_nothing_else_opens()
    {
        using var engine = DeviceEngine.Create();
        var code = (await engine.AskAsync()).DeviceCode;
        var codes = engine.Get<DeviceAuthorizationCodes>();

        Assert.Equal(engine.Devices.Devices.Keys.Single(), codes.OpenDeviceCode(code));
        Assert.Null(codes.OpenDeviceCode(code[..^1]));
        Assert.Null(codes.OpenDeviceCode(code + "A"));
        Assert.Null(codes.OpenDeviceCode(""));
        for (var i = 0; i < code.Length - 1; i++)
        {
            Assert.Null(codes.OpenDeviceCode(code[..i] + (code[i] == 'A' ? 'B' : 'A') + code[(i + 1)..]));
        }
    }

    [Fact]
    public async Task Codes_of_both_kinds_survive_a_rotation_of_keys()
    {
        using var engine = DeviceEngine.Create();
        var response = await engine.AskAsync();

        engine.Sealing.ActiveMacKey = 3;

        Assert.Equal("authorization_pending", await engine.PollWordAsync(response));
        Assert.IsType<DeviceLookup.Found>(await engine.EnterAsync(response.UserCode));
    }
}
