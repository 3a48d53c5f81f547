using IdentityProvider.EndToEnd.Tests.Processes;

namespace IdentityProvider.EndToEnd.Tests.Upstream;

/// <summary>Skipped, visibly, where npm's packages are not installed, but not in CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ProviderFactAttribute : FactAttribute
{
    public static readonly string Folder = Path.Combine(Repository.Root, "tests", "IdentityProvider.Interop.Tests", "Node");

    public ProviderFactAttribute() => Skip =
        Directory.Exists(Path.Combine(Folder, "node_modules", "oidc-provider"))
        || string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.Ordinal)
            ? null
            : "oidc-provider is not installed (tests/run installs it)";
}
