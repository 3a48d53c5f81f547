using System.Text.Json;

namespace IdentityProvider.Protocol.Tests.Jose;

/// <summary>Public test vectors, kept beside the repository: <c>IDP_VECTORS</c>, or <c>shared/vectors</c> in a folder above.</summary>
internal static class Vectors
{
    public static string? Folder { get; } = Find();

    public static JsonDocument Read(string name) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder!, name)));

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("IDP_VECTORS") is { Length: > 0 } given)
        {
            return given;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "vectors");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}

/// <summary>A fact that is shown as skipped where the vectors are absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class VectorFactAttribute : FactAttribute
{
    public VectorFactAttribute()
    {
        if (Vectors.Folder is null)
        {
            Skip = "no shared/vectors folder above the tests and IDP_VECTORS is not set";
        }
    }
}
