namespace IdentityProvider.Interop.Tests;

/// <summary>Skipped, visibly, where the foreign programs are not installed, but not in CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class InteropFactAttribute : FactAttribute
{
    public InteropFactAttribute() => Skip = ForeignClients.FindObstacle();
}
