using System.Reflection;

namespace IdentityProvider.EndToEnd.Tests.Processes;

/// <summary>Where the repository and what was built from it stand.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Debug or Release, as these tests.</summary>
    public static string Configuration =>
        typeof(Repository).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    /// <summary>The assembly of a project, built with the same configuration as these tests.</summary>
    public static string AssemblyOf(string projectFolder)
    {
        var name = Path.GetFileName(projectFolder);
        var output = Path.Combine(Root, projectFolder, "bin", Configuration, "net10.0", name + ".dll");
        Assert.True(File.Exists(output), $"{output} is not built");
        return output;
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "IdentityProvider.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("These tests run inside the repository.");
    }
}
