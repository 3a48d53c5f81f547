using IdentityProvider.Testing;

namespace IdentityProvider.Server.Tests.Registration;

/// <summary>A server where everybody may register.</summary>
public sealed class OpenServer : IDisposable
{
    public ServerFixture Server { get; } = ServerFixture.With(Registrations.Open);

    public void Dispose() => Server.Dispose();
}
