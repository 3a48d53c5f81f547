using IdentityProvider.Server.Composition.Settings;

namespace IdentityProvider.Server.Tests.Documentation;

/// <summary>The repository that the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = DataFolders.FindRepository(AppContext.BaseDirectory)
        ?? throw new InvalidOperationException("The tests are not run from the repository.");

    /// <summary>
    /// Compares a generated page with the one that is checked in. With <c>IDP_UPDATE_DOCS=1</c> it is written instead.
    /// </summary>
    public static void AssertPage(string relativePath, string content)
    {
        var path = Path.Combine(Root, relativePath);
        if (Environment.GetEnvironmentVariable("IDP_UPDATE_DOCS") is "1")
        {
            File.WriteAllText(path, content);
        }

        Assert.True(File.Exists(path), $"{relativePath} is missing; run the test with IDP_UPDATE_DOCS=1.");
        Assert.Equal(content, File.ReadAllText(path).ReplaceLineEndings("\n"));
    }
}
