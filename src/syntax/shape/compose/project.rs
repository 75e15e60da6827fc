//! Compose files that are laid over each other.

use super::Service;
use crate::text::Source;
use std::sync::Arc;

/// The services of a compose file, or of several.
#[derive(Clone, Debug)]
pub struct Project {
    /// The first file.
    pub source: Arc<Source>,
    /// Its services, in file order.
    pub services: Vec<Service>,
}

impl Project {
    /// This project with another file laid over it.
    pub fn under(mut self, over: Project) -> Project {
        for service in over.services {
            match self.services.iter_mut().find(|own| own.name == service.name) {
                Some(own) => *own = own.clone().under(service),
                None => self.services.push(service),
            }
        }
        self
    }

    /// The service of a name.
    pub fn service(&self, name: &str) -> Option<&Service> {
        self.services.iter().find(|service| *service.name == *name)
    }
}

impl Service {
    /// This service with what another file says of it laid over.
    pub fn under(self, over: Service) -> Service {
        let mut mounts = self.mounts;
        // A place is mounted once.
        mounts.retain(|mount| !over.mounts.iter().any(|other| other.to == mount.to));
        let published = match (self.published, over.published) {
            (Some(mut own), Some(more)) => {
                own.retain(|port| !more.iter().any(|other| other.text == port.text));
                own.extend(more);
                Some(own)
            }
            _ => None,
        };
        Service {
            name: over.name,
            key: over.key,
            image: over.image.or(self.image),
            published,
            variables: self.variables.into_iter().chain(over.variables).collect(),
            env_files: self.env_files.into_iter().chain(over.env_files).collect(),
            mounts: mounts.into_iter().chain(over.mounts).collect(),
            files: self.files.into_iter().chain(over.files).collect(),
            extends: over.extends.or(self.extends),
        }
    }
}
