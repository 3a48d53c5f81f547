using System.Security.Cryptography;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Tests.InMemory;
using IdentityProvider.Protocol.Token;
using IdentityProvider.Protocol.Tokens;

namespace IdentityProvider.Protocol.Tests.Token;

/// <summary>Refresh tokens are computed: the same counter is the same token, under every key of the ring.</summary>
public sealed class RefreshTokensTests
{
    private static readonly Guid Grant = Guid.Parse("018f0000-0000-7000-8000-000000000001");

    [Fact]
    [Case(119)]
    [Clause("RFC 6749", "10.10", "The probability of an attacker guessing generated tokens ... MUST be less than or equal to 2^(-128)")]
    public void Token_is_grant_and_counter_and_a_mac_nobody_else_can_make()
    {
        var tokens = new RefreshTokens(new MacKeys { ActiveMacKey = 1 });

        Assert.Equal(tokens.Compute(Grant, 5), tokens.Compute(Grant, 5));
        Assert.NotEqual(tokens.Compute(Grant, 5), tokens.Compute(Grant, 6));
        Assert.NotEqual(tokens.Compute(Grant, 5), tokens.Compute(Guid.NewGuid(), 5));
        Assert.NotEqual(tokens.Compute(Grant, 5), new RefreshTokens(new MacKeys { ActiveMacKey = 1 }).Compute(Grant, 5));
        Assert.Equal(new RefreshTokenValue(Grant, 5), tokens.Open(tokens.Compute(Grant, 5)));
        Assert.Equal(new RefreshTokenValue(Grant, long.MaxValue), tokens.Open(tokens.Compute(Grant, long.MaxValue)));
    }

    [Fact]
    [Case(409)]
    public void Token_of_a_retired_key_opens_until_the_key_is_removed()
    {
        var keys = new MacKeys { ActiveMacKey = 1 };
        var tokens = new RefreshTokens(keys);
        var old = tokens.Compute(Grant, 5);
        keys.ActiveMacKey = 2;

        Assert.NotEqual(old, tokens.Compute(Grant, 5));
        Assert.Equal(new RefreshTokenValue(Grant, 5), tokens.Open(old));
        keys.Remove(1);
        Assert.Null(tokens.Open(old));
        Assert.NotNull(tokens.Open(tokens.Compute(Grant, 5)));
    }

    [Fact]
    [Case(112)]
    public async Task Nothing_is_refreshed_after_its_grant_or_its_client_ended()
    {
        using var engine = new Engine();
        var first = (await engine.RedeemAsync(await engine.GetCodeAsync())).Value!.RefreshToken!;
        engine.Register(Engine.DefaultClient with { Enabled = false });
        Assert.Equal("invalid_client", (await engine.RefreshAsync(first)).Error!.Code);

        engine.Register(Engine.DefaultClient with { GrantTypes = [GrantTypeNames.AuthorizationCode] });
        Assert.Equal("unauthorized_client", (await engine.RefreshAsync(first)).Error!.Code);

        engine.Register(Engine.DefaultClient);
        engine.Grants.End(engine.Clock.GetUtcNow());
        Assert.Equal("invalid_grant", (await engine.RefreshAsync(first)).Error!.Code);
        Assert.Empty(engine.Audit.Events); // an ended grant is no sign of theft
    }

    private sealed class MacKeys : ISealing
    {
        private readonly Dictionary<uint, byte[]> _keys = new()
        {
            [1] = RandomNumberGenerator.GetBytes(32),
            [2] = RandomNumberGenerator.GetBytes(32),
        };

        public uint ActiveMacKey { get; set; }

        IReadOnlyList<uint> ISealing.MacKeys => [.. _keys.Keys];

        public void Remove(uint key) => _keys.Remove(key);

        public bool TryMac(uint macKey, SealPurpose purpose, ReadOnlySpan<byte> data, Span<byte> mac)
        {
            if (!_keys.TryGetValue(macKey, out var key))
            {
                return false;
            }

            HMACSHA256.HashData(key, [(byte)purpose, .. data], mac);
            return true;
        }

        public void SubjectMac(ReadOnlySpan<byte> data, Span<byte> mac) => throw new NotSupportedException();

        public string Seal(SealPurpose purpose, ReadOnlySpan<byte> plaintext) => throw new NotSupportedException();

        public byte[]? Open(SealPurpose purpose, string sealedValue) => throw new NotSupportedException();
    }
}
