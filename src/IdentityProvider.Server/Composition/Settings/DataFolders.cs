namespace IdentityProvider.Server.Composition.Settings;

/// <summary>Where the server keeps its files.</summary>
internal static class DataFolders
{
    private const string SolutionFile = "IdentityProvider.sln";

    /// <summary>Absolute path of the data folder.</summary>
    public static string Locate(string? configured, bool isDevelopment, string programFolder)
    {
        if (configured is not null)
        {
            return Path.GetFullPath(configured, programFolder);
        }

        // Under `dotnet run` the program stands in bin/, which a clean build empties; the repository is found from any working directory.
        return isDevelopment ? Path.Combine(FindRepository(programFolder) ?? programFolder, "data") : programFolder;
    }

    /// <summary>The folder with the solution file, at or above <paramref name="folder"/>; null when the program is not run from a repository.</summary>
    public static string? FindRepository(string folder)
    {
        for (var candidate = new DirectoryInfo(folder); candidate is not null; candidate = candidate.Parent)
        {
            if (File.Exists(Path.Combine(candidate.FullName, SolutionFile)))
            {
                return candidate.FullName;
            }
        }

        return null;
    }
}
